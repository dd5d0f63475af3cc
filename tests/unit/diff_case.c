/* SPDX-License-Identifier: Apache-2.0 */
#include "diff_case.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "intake/read_log.h"
#include "log_maker.h"
#include "model/model_finish.h"

#define SECOND 1000000000LL
#define MS     1000000.0

static uint64_t state = 1;

void chance_start(uint64_t seed)
{
    state = seed * 2862933555777941757ULL + 3037000493ULL;
}

double chance_uniform(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return ((double)(state >> 12) + 1.0) / 4503599627370496.0;
}

double chance_normal(void)
{
    double radius = sqrt(-2.0 * log(chance_uniform()));
    return radius * cos(6.283185307179586 * chance_uniform());
}

static int64_t duration(const struct made_run *run, double ms)
{
    return (int64_t)(ms * MS * exp(run->within * chance_normal()));
}

/* A batch: it is read, masked and written. Returns when it ends. */
static int64_t put_batch(struct log_maker *maker, const struct made_run *run, int q, int64_t t_ns,
                         double factor)
{
    int64_t query = duration(run, 8.0 * factor);
    int64_t masking = duration(run, 2.0 * factor);
    int64_t insertion = duration(run, 10.0 * factor * run->slower);
    log_maker_put(maker, 1,
                  MAKE(span, .th = 1, .q = 2 * q, .ph = PT_PHASE_QUERY, .ns = 64, .c = 1, .f = 7,
                       .t = t_ns, .d = query, .net = query, .n = 100, .b = 1000));
    log_maker_put(maker, 1,
                  MAKE(gap, .th = 1, .q = 2 * q + 1, .t = t_ns + query, .d = masking,
                       .cpu = masking, .rn = 100, .wn = 100, .wb = 1000));
    log_maker_put(
        maker, 1,
        MAKE(write, .th = 1, .q = 2 * q + 1, .ph = PT_PHASE_INSERTION, .ns = 64, .ins = 100));
    t_ns += query + masking;
    log_maker_put(maker, 1,
                  MAKE(span, .th = 1, .q = 2 * q + 1, .ph = PT_PHASE_INSERTION, .ns = 64, .c = 1,
                       .f = 7, .t = t_ns, .d = insertion, .net = insertion, .n = 100, .b = 1000));
    return t_ns + insertion;
}

static void make_log(struct log_maker *maker, const struct made_run *run)
{
    double factor = exp(run->between * chance_normal());
    int64_t t_ns = SECOND;
    log_maker_begin(maker);
    log_maker_driver(maker, "1.30.4", "libmongoc-1.0.so.0");
    log_maker_namespace(maker, 64, "db", "patients");
    log_maker_thread(maker, 1, maker->pid, t_ns, "first");
    for (int q = 1; q <= run->calls; q++) {
        t_ns = put_batch(maker, run, q, t_ns, factor);
    }
    log_maker_thread(maker, 1, maker->pid, t_ns, "end");
    log_maker_end(maker, t_ns);
    log_maker_run_end(maker, 0, 0);
}

void add_made_log(struct pt_side *side, const struct made_run *made)
{
    char path[64];
    struct log_maker maker;
    struct pt_model model;
    struct pt_run_figures run;
    snprintf(path, sizeof path, "/tmp/phasetap-diff-%d.bson", (int)getpid());
    log_maker_init(&maker);
    make_log(&maker, made);
    log_maker_save(&maker, path);
    pt_model_init(&model, 0);
    cr_assert_eq(pt_model_read(&model, path), PT_LOG_OK);
    pt_model_finish(&model);
    cr_assert(pt_run_figures_of_model(&run, &model, path));
    cr_assert(pt_side_add(side, &run));
    pt_model_release(&model);
    log_maker_release(&maker);
    unlink(path);
}
