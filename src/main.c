/* The program: everything is in the library, so that tests can reach it. */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    return nd_cli_run(argc, argv);
}
