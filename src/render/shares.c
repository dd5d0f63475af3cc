/* SPDX-License-Identifier: Apache-2.0 */
#include "render/shares.h"

#include <string.h>

static double sum_of(const int64_t *values, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) {
        sum += values[i] > 0 ? (double)values[i] : 0.0;
    }
    return sum;
}

static size_t largest(const double *fractions, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++) {
        if (fractions[i] > fractions[best]) {
            best = i;
        }
    }
    return best;
}

void pt_shares(const int64_t *values, size_t count, int total, int *ret_shares)
{
    double fractions[PT_SHARES_HIGHEST] = {0};
    double sum = sum_of(values, count);
    int missing = total;
    memset(ret_shares, 0, count * sizeof *ret_shares);
    if (sum <= 0.0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        double exact = values[i] > 0 ? (double)values[i] / sum * total : 0.0;
        ret_shares[i] = (int)exact;
        fractions[i] = exact - ret_shares[i];
        missing -= ret_shares[i];
    }
    for (; missing > 0; missing--) {
        size_t at = largest(fractions, count);
        ret_shares[at]++;
        fractions[at] -= 1.0;
    }
}
