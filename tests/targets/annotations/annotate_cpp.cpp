/* SPDX-License-Identifier: Apache-2.0 */
/* annotate_cpp: the annotation interface from C++; scoped phases end when an exception passes them.
 */
#include <phasetap/phasetap.h>

#include <cstdio>
#include <stdexcept>

static void throw_inside(int depth)
{
    PHASETAP_SCOPE("Recursion", phasetap_int("depth", depth), phasetap_text("language", "C++"));
    if (depth == 3) {
        throw std::runtime_error("out of here");
    }
    throw_inside(depth + 1);
}

int main()
{
    PHASETAP_BEGIN("Whole", phasetap_int("number", 1));
    try {
        throw_inside(1);
    } catch (const std::runtime_error &error) {
        std::printf("caught: %s\n", error.what());
    }
    {
        PHASETAP_SCOPE("Plain");
    }
    PHASETAP_END("Whole", phasetap_bool("good", true));
    phasetap_begin("Last");
    phasetap_end(nullptr);
    return 0;
}
