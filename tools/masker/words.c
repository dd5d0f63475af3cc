/* SPDX-License-Identifier: Apache-2.0 */
/* The word lists: invented combinations only, no real person is meant. */
#include "words.h"

#define WORD_LIST(name, ...)                                                                       \
    static const char *const name##_words[] = {__VA_ARGS__};                                       \
    const word_list name = {name##_words, (uint32_t)(sizeof name##_words / sizeof name##_words[0])}

WORD_LIST(words_given, "Ada", "Bela", "Carmen", "Dalia", "Emil", "Farid", "Greta", "Hamid", "Ines",
          "Jonas", "Kaya", "Lena", "Mira", "Nadia", "Otto", "Priya", "Quinn", "Rosa", "Samir",
          "Tara", "Uma", "Viktor", "Wanda", "Xenia", "Yusuf", "Zoe", "Anton", "Beatriz", "Cyril",
          "Dorothea", "Enzo", "Fiona");
WORD_LIST(words_family, "Abara", "Bennet", "Castell", "Dorn", "Ekholm", "Fontaine", "Garrick",
          "Hoffmann", "Ibarra", "Jansen", "Kowal", "Lindqvist", "Moreau", "Novak", "Okafor",
          "Petrov", "Quist", "Ramos", "Sandoval", "Takeda", "Ulrich", "Varga", "Whitlock", "Xu",
          "Yilmaz", "Zamora", "Ashdown", "Brandt", "Corso", "Delgado", "Engel", "Faraday");
WORD_LIST(words_street, "Alder Street", "Birch Lane", "Cedar Avenue", "Dogwood Court", "Elm Road",
          "Foundry Way", "Granite Street", "Harbor Drive", "Ivy Close", "Juniper Terrace",
          "Kiln Road", "Lantern Street", "Mill Lane", "North Parade", "Orchard Avenue",
          "Poplar Street");
WORD_LIST(words_city, "Ashford", "Brookhaven", "Clearwater", "Dunmore", "Eastvale", "Fairmont",
          "Glenwood", "Hartwell", "Ironbridge", "Kingsley", "Lakemont", "Millbrook", "Northfield",
          "Oakridge", "Pinehurst", "Riverton");
WORD_LIST(words_state, "AZ", "CA", "CO", "GA", "IL", "MA", "MI", "NC", "NY", "OH", "OR", "PA", "TX",
          "VA", "WA", "WI");
WORD_LIST(words_payer, "Northern Mutual", "Blue Harbor Health", "Summit Care Plan",
          "Unity Assurance", "Prairie Medical Fund", "Lakeside Benefit Trust");
WORD_LIST(words_department, "cardiology", "dermatology", "emergency", "endocrinology", "neurology",
          "oncology", "orthopedics", "pediatrics", "radiology", "surgery");
WORD_LIST(words_diagnosis, "E11.9", "I10", "J45.909", "M54.5", "F41.1", "K21.9", "N39.0", "R51.9",
          "Z00.00", "L20.9");
WORD_LIST(words_allergy, "penicillin", "latex", "peanut", "shellfish", "sulfonamide", "pollen",
          "aspirin", "egg");
WORD_LIST(words_relation, "spouse", "parent", "child", "sibling", "friend", "guardian");
WORD_LIST(words_note, "reports mild pain since last week", "was referred by the family physician",
          "shows good response to the treatment", "asks for a second opinion",
          "needs a follow-up appointment within six weeks", "declined the proposed procedure",
          "has no known complications", "was informed about side effects",
          "lives alone and receives home care", "is allowed to return to work");

const char *words_pick(const word_list *list, random_source *source)
{
    return list->words[random_below(source, list->count)];
}
