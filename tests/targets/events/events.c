/* SPDX-License-Identifier: Apache-2.0 */
/*
 * events SCENARIO URI [PID]: registers callbacks for monitoring in one of the ways in which
 * programs do, works with the server, and prints every event, every value that a registration
 * returned and the outcome of every operation. PID is the server's process, for the scenarios that
 * stop it. events --list prints the scenarios, events --version the driver's version. Exit status:
 * 0, 2 for a usage error. The driver's own log goes where the driver puts it.
 */
#include "events.h"

#include <string.h>

const char *events_argument;

static const struct events_scenario *const TABLES[] = {EVENTS_CLIENT, EVENTS_INSIDE, EVENTS_SERVER,
                                                       EVENTS_POOL, EVENTS_LOG};
enum { TABLE_COUNT = sizeof TABLES / sizeof TABLES[0] };

static const struct events_scenario *find(const char *name)
{
    for (int i = 0; i < TABLE_COUNT; i++) {
        for (const struct events_scenario *scenario = TABLES[i]; scenario->name; scenario++) {
            if (strcmp(scenario->name, name) == 0) {
                return scenario;
            }
        }
    }
    return NULL;
}

static int list(void)
{
    for (int i = 0; i < TABLE_COUNT; i++) {
        for (const struct events_scenario *scenario = TABLES[i]; scenario->name; scenario++) {
            puts(scenario->name);
        }
    }
    return 0;
}

/* A pool whose server goes away asks for it again as often as there is time. */
static void run(const struct events_scenario *scenario, const char *uri)
{
    mongoc_init();
    events_begin_thread(stdout);
    if (strncmp(scenario->name, "pool", 4) == 0 || strncmp(scenario->name, "log", 3) == 0) {
        events_use_pool();
    }
    scenario->run(uri);
    events_print_shared(strcmp(scenario->name, "pool-away") == 0);
    events_end_thread();
    mongoc_cleanup();
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        return list();
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        return puts(mongoc_get_version()) < 0;
    }
    const struct events_scenario *scenario = argc == 3 || argc == 4 ? find(argv[1]) : NULL;
    if (scenario == NULL) {
        fprintf(stderr, "usage: events SCENARIO URI [PID], events --list, or events --version\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    events_argument = argv[3];
    run(scenario, argv[2]);
    return 0;
}
