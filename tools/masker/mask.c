/* SPDX-License-Identifier: Apache-2.0 */
/* The walk over a document: see mask.h. What happens to a single value is in transforms.c. */
#include "mask.h"

#include "compat.h"
#include "transforms.h"

#include <stdlib.h>
#include <string.h>

/* Servers take documents of 100 levels. */
#define MAXIMUM_DEPTH 100

static bool walk(mask_context *context, bson_iter_t *iter, const rule_node *node,
                 const mask_action *action, bool in_array, int depth, bson_t *out);

static bool is_active(const mask_action *action)
{
    return action != NULL && action->kind != ACTION_NONE && action->kind != ACTION_KEEP;
}

static bool mask_document_value(mask_context *context, bson_iter_t *iter, const rule_node *node,
                                const mask_action *action, int depth, bson_t *out)
{
    bson_iter_t inside;
    bson_t child;
    const char *key = bson_iter_key(iter);
    if (depth == MAXIMUM_DEPTH || !bson_iter_recurse(iter, &inside) ||
        !bson_append_document_begin(out, key, (int)bson_iter_key_len(iter), &child)) {
        return false;
    }
    const bool good = walk(context, &inside, node, action, false, depth + 1, &child);
    return bson_append_document_end(out, &child) && good;
}

static bool mask_array_value(mask_context *context, bson_iter_t *iter, const rule_node *node,
                             const mask_action *action, int depth, bson_t *out)
{
    bson_iter_t inside;
    bson_t child;
    const char *key = bson_iter_key(iter);
    if (depth == MAXIMUM_DEPTH || !bson_iter_recurse(iter, &inside) ||
        !compat_array_begin(out, key, (int)bson_iter_key_len(iter), &child)) {
        return false;
    }
    const bool good = walk(context, &inside, node, action, true, depth + 1, &child);
    return bson_append_array_end(out, &child) && good;
}

static bool mask_value(mask_context *context, bson_iter_t *iter, const rule_node *node,
                       const mask_action *action, int depth, bson_t *out)
{
    const bool inside_matters = is_active(action) || (node != NULL && node->first_child != NULL);
    if (inside_matters && BSON_ITER_HOLDS_DOCUMENT(iter)) {
        return mask_document_value(context, iter, node, action, depth, out);
    }
    if (inside_matters && BSON_ITER_HOLDS_ARRAY(iter)) {
        return mask_array_value(context, iter, node, action, depth, out);
    }
    if (is_active(action)) {
        context->values_masked++;
        return transform_append(context, action, iter, out);
    }
    return bson_append_iter(out, NULL, 0, iter);
}

/* `node` and `action` belong to the document or array that `iter` walks; both may be NULL. */
static bool walk(mask_context *context, bson_iter_t *iter, const rule_node *node,
                 const mask_action *action, bool in_array, int depth, bson_t *out)
{
    while (bson_iter_next(iter)) {
        const rule_node *child = node;
        const mask_action *chosen = action;
        if (!in_array) {
            child = node != NULL
                        ? rule_node_find(node, bson_iter_key(iter), bson_iter_key_len(iter))
                        : NULL;
            chosen = child != NULL && child->action.kind != ACTION_NONE ? &child->action : action;
        }
        if (!mask_value(context, iter, child, chosen, depth, out)) {
            return false;
        }
    }
    return iter->err_off == 0;
}

void mask_context_init(mask_context *context, const collection_rules *rules)
{
    *context = (mask_context){.rules = rules};
}

void mask_context_release(mask_context *context)
{
    free(context->scratch);
    *context = (mask_context){.rules = NULL};
}

bool mask_document(mask_context *context, const bson_t *source, bson_t *result)
{
    bson_iter_t iter;
    if (!bson_iter_init(&iter, source)) {
        return false;
    }
    context->source = source;
    context->shift_action = NULL;
    return walk(context, &iter, &context->rules->root, NULL, false, 0, result);
}
