/* Tests of nudipole/source_set.h: names, groups, sums and every way to be wrong. */
#include "nudipole/source_set.h"

#include "support.h"

static const unsigned CNO = 1u << ND_SOURCE_13N | 1u << ND_SOURCE_15O | 1u << ND_SOURCE_17F;
static const unsigned ALL = 0xffu;

static void assert_set(const char *text, unsigned members, const char *name)
{
    struct nd_source_set set;
    struct nd_error error = ND_ERROR_INIT;
    memset(&set, 0xff, sizeof set);
    ASSERT_OK(nd_source_set_parse(&set, text, &error), error);
    cr_assert(set.members == members, "'%s': %#x instead of %#x", text, set.members, members);
    cr_assert_str_eq(set.name, name);
    for (int s = 0; s < ND_N_SOURCES; s++)
        cr_assert(nd_source_set_has(&set, (enum nd_source)s) == (int)(members >> s & 1u),
                  "'%s': member %d", text, s);
}

static void assert_bad(const char *text, const char *message)
{
    struct nd_source_set set;
    struct nd_error error = ND_ERROR_INIT;
    ASSERT_ERROR(nd_source_set_parse(&set, text, &error), error, ND_BAD_INPUT, "");
    cr_assert_str_eq(error.message, message);
    cr_assert(nd_source_set_parse(&set, text, NULL) == ND_BAD_INPUT, "a NULL error is allowed");
}

Test(source_set, one_source)
{
    static const char *const names[] = {"pp", "pep", "7Be", "8B", "hep", "13N", "15O", "17F"};
    for (int s = 0; s < ND_N_SOURCES; s++)
        assert_set(names[s], 1u << s, names[s]);
}

Test(source_set, groups)
{
    assert_set("CNO", CNO, "CNO");
    assert_set("all", ALL, "all");
    assert_set("pp+pep+7Be+8B+hep+CNO", ALL, "pp+pep+7Be+8B+hep+CNO");
    assert_set("13N+15O+17F", CNO, "13N+15O+17F");
}

/* The name stands in a column of a table: no blanks. */
Test(source_set, blanks)
{
    const unsigned set = 1u << ND_SOURCE_PP | 1u << ND_SOURCE_7BE | CNO;
    assert_set("pp+7Be+CNO", set, "pp+7Be+CNO");
    assert_set("  pp +7Be+   CNO ", set, "pp+7Be+CNO");
    assert_set("CNO + pp+7Be", set, "CNO+pp+7Be");
    assert_set(" 8B ", 1u << ND_SOURCE_8B, "8B");
}

static void assert_unknown(const char *text, const char *term)
{
    char message[256];
    snprintf(message, sizeof message,
             "'%s': unknown source: allowed are pp, pep, 7Be, 8B, hep, 13N, 15O, 17F, CNO "
             "(13N+15O+17F), all, and sums such as pp+7Be",
             term);
    assert_bad(text, message);
}

Test(source_set, unknown)
{
    assert_unknown("b8", "b8");
    assert_unknown("8b", "8b");
    assert_unknown("cno", "cno");
    assert_unknown("pp+xyz+8B", "xyz");
    assert_unknown("pp 7Be", "pp 7Be");
    assert_unknown("pp,7Be", "pp,7Be");
    assert_unknown("8B2", "8B2");
}

Test(source_set, empty_terms)
{
    static const char *const texts[] = {"", " ", "+", "pp+", "+pp", "pp++8B", "pp+ +8B"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char message[256];
        snprintf(message, sizeof message,
                 "'%s': a source is missing: needed is one, or one on both sides of '+'", texts[i]);
        assert_bad(texts[i], message);
    }
}

Test(source_set, twice)
{
    assert_bad("pp+pp", "pp+pp: 'pp' counts a source twice: allowed is each source once");
    assert_bad("CNO+13N", "CNO+13N: '13N' counts a source twice: allowed is each source once");
    assert_bad("17F+8B+CNO",
               "17F+8B+CNO: 'CNO' counts a source twice: allowed is each source once");
    assert_bad("all+hep", "all+hep: 'hep' counts a source twice: allowed is each source once");
    assert_bad("hep+all", "hep+all: 'all' counts a source twice: allowed is each source once");
}

/* 63 letters fit, blanks included. */
Test(source_set, too_long)
{
    char text[65];
    memset(text, ' ', sizeof text);
    memcpy(text, "pp+8B", 5);
    text[63] = '\0';
    assert_set(text, 1u << ND_SOURCE_PP | 1u << ND_SOURCE_8B, "pp+8B");
    text[63] = ' ';
    text[64] = '\0';
    assert_bad(text, "pp+8B                                   ...: too long: at most 63 letters");
}
