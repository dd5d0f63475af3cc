/* SPDX-License-Identifier: Apache-2.0 */
/* model_finish.h: the step between the last log and the first report. */
#ifndef PHASETAP_MODEL_FINISH_H
#define PHASETAP_MODEL_FINISH_H

#include "model/model.h"

/* Sorts phases, commands and errors, computes what needs all logs, and writes the notes. Once per
 * model; no log may be read into it afterwards. */
void pt_model_finish(struct pt_model *model);

#endif
