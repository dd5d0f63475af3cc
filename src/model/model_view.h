/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model_view.h: a finished model as far as it concerns one namespace: its phases are those of the
 * calls on that namespace, its errors those that name it. Servers, retries, connections, threads
 * and annotated phases are of no namespace: the view has no rows of the first two, and the others
 * are those of the whole run.
 *
 * The view borrows everything but three arrays from the model, which must outlive it. One thread.
 */
#ifndef PHASETAP_MODEL_VIEW_H
#define PHASETAP_MODEL_VIEW_H

#include "model/model.h"

struct pt_model_view {
    struct pt_model model;
};

bool pt_model_has_namespace(const struct pt_model *model, const char *name_space);

/* False: no call names that namespace, or memory ran out. Release in either case. */
bool pt_model_view_make(struct pt_model_view *view, const struct pt_model *model,
                        const char *name_space);
void pt_model_view_release(struct pt_model_view *view);

#endif
