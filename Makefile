# nudipole: needs GNU make 4.2 or newer.  `make help` lists the targets.
#
#   make [CONFIG=release|san|cov] [CC=gcc|clang] [WERROR=1] [MPI=1]
#
# MPI=1 builds the same program for `mpirun -n N build/nudipole sweep FILE.ini`: one object
# differs, so `make` and `make MPI=1` follow each other in the same place at no cost.
#
# CPPFLAGS, CFLAGS, LDFLAGS and LDLIBS given by the user are appended to ours.

# ---- what `make run` and `make figures` execute -----------------------------

define run_viability
$(PROGRAM) viability --output output/viability \
    params/b8.ini params/fig1_point.ini params/cno.ini params/cno_fit.ini params/pp.ini
endef

define run_rates
$(PROGRAM) rates params/fig3.ini --output output/fig3
$(PROGRAM) rates params/fig3_paper.ini --output output/fig3_paper
endef

define run_fit
$(PROGRAM) spectrum params/fig1.ini --output output/fig1
$(PROGRAM) spectrum params/fig1_tau.ini --output output/fig1_tau
$(PROGRAM) fit params/fig2_paper.ini --output output/fig2_paper
$(PROGRAM) fit params/fig2.ini --output output/fig2
$(PROGRAM) fit params/fig2_xenonnt.ini --output output/fig2_xenonnt
endef

define run_universe
$(PROGRAM) evolve params/standard.ini --output output/standard
$(PROGRAM) evolve params/coupled.ini --output output/coupled
$(PROGRAM) bbn params/standard.ini --output output/bbn
endef

define run_figures
$(PROGRAM) map params/fig4_paper.ini --output output/fig4_paper
$(PROGRAM) map params/fig4.ini --output output/fig4
$(PROGRAM) curves params/curves.ini --output output/curves
rm -f output/sweep_trh/sweep.sqlite output/plane/sweep.sqlite # which a sweep would resume
$(PROGRAM) sweep params/sweep_trh.ini --output output/sweep_trh
$(PROGRAM) plot output/sweep_trh --set column=N_eff,Y_p,D_H,verdict
$(PROGRAM) sweep params/plane.ini --output output/plane
$(PROGRAM) plot output/plane
$(PROGRAM) evolve params/reheating.ini --output output/reheating
$(PROGRAM) bbn params/omega_b.ini --output output/omega_b
endef

# ---- packages ----------------------------------------------------------------

# Modules found with pkg-config; SUNDIALS 6 ships no .pc file. Where an HDF5 with MPI is installed
# as well, Debian's `hdf5` is that one, and the plain one has a name of its own.
PKG_CONFIG    ?= pkg-config
HDF5          := $(shell $(PKG_CONFIG) --exists hdf5-serial 2>/dev/null && echo hdf5-serial || echo hdf5)
PKGS          := gsl inih jansson sqlite3 $(HDF5)
SUNDIALS_LIBS ?= -lsundials_cvode -lsundials_nvecserial -lsundials_sunmatrixdense \
                 -lsundials_sunlinsoldense

# What each Debian package is, for the message on other systems.
what_gcc              := C11 compiler
what_libc6-dev        := C library headers
what_pkg-config       := pkg-config or pkgconf
what_libsundials-dev  := SUNDIALS 6 (CVODE), headers and libraries
what_libgsl-dev       := GNU Scientific Library, headers and libraries
what_libinih-dev      := inih INI parser, headers and library
what_libjansson-dev   := Jansson JSON library, headers and library
what_libsqlite3-dev   := SQLite library, headers
what_libhdf5-dev      := HDF5 library, headers
what_libcriterion-dev := Criterion test framework (only for the tests)
what_libopenmpi-dev   := Open MPI, or another MPI with its mpicc (only with MPI=1)
what_openmpi-bin      := mpirun of Open MPI, or another one (only with MPI=1)
what_gnuplot-nox      := gnuplot (only to draw the figures)

# ---- configuration -----------------------------------------------------------

ifeq ($(origin CC),default)
CC := gcc
endif
CONFIG ?= release
PREFIX ?= /usr/local

MAKEFLAGS += --no-builtin-rules
SHELL     := /bin/sh
empty     :=
space     := $(empty) $(empty)

VERSION := 0.1.0
# The exact source state; outside a git checkout it is the plain version.
NUDIPOLE_VERSION := $(if $(wildcard .git),$(shell GIT_OPTIONAL_LOCKS=0 \
    git describe --always --dirty --tags 2>/dev/null))
ifeq ($(NUDIPOLE_VERSION),)
NUDIPOLE_VERSION := $(VERSION)
endif

VARIANT := $(CONFIG)-$(subst $(space),_,$(notdir $(CC)))$(if $(filter 1,$(WERROR)),-werror)
B       := build/$(VARIANT)
# The plain build lands directly in build/, every other one in its own directory.
OUT     := $(if $(filter release-gcc,$(VARIANT)),build,$(B))
PROGRAM := $(OUT)/nudipole
LIB     := $(OUT)/libnudipole.a
TESTS   := $(B)/nd_tests
BENCH   := $(B)/nd_bench

ifeq ($(CONFIG),release)
CONFIG_FLAGS := -O2 -g
else ifeq ($(CONFIG),san)
CONFIG_FLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
                -fno-sanitize-recover=all
else ifeq ($(CONFIG),cov)
CONFIG_FLAGS := -O0 -g --coverage -fprofile-update=atomic
else
$(error CONFIG=$(CONFIG) is unknown: use release, san or cov)
endif

# gcc always has OpenMP; another compiler must show that it can link it.
ifneq ($(filter gcc%,$(notdir $(firstword $(CC)))),)
OPENMP := -fopenmp
else
OPENMP := $(shell t=$$(mktemp) && { printf '%s\n' '\#include <omp.h>' \
    'int main(void) { return omp_get_max_threads() < 1; }' | \
    $(CC) -fopenmp -x c - -o "$$t" >/dev/null 2>&1 && echo -fopenmp; rm -f "$$t"; })
endif
ifeq ($(OPENMP),)
OPENMP := -Wno-unknown-pragmas
endif

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes $(if $(filter 1,$(WERROR)),-Werror)
PKG_CFLAGS := $(patsubst -I%,-isystem%,$(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null))
PKG_LIBS   := $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)

# Flags as the compiler wrapper of MPI says them: Open MPI, MPICH and its relatives know -show.
ifeq ($(MPI),1)
MPICC      ?= mpicc
MPI_SHOWN  := $(shell $(MPICC) -show 2>/dev/null)
MPI_CFLAGS ?= -DND_MPI $(patsubst -I%,-isystem%,$(filter -I% -D%,$(MPI_SHOWN)))
MPI_LIBS   ?= $(filter -L% -l% -Wl%,$(MPI_SHOWN))
endif

ND_CPPFLAGS := -Iinclude -Isrc -D_DEFAULT_SOURCE
ND_CFLAGS   := -std=c11 $(CONFIG_FLAGS) $(WARNINGS) -ffp-contract=off $(OPENMP)
COMPILE = $(CC) $(ND_CPPFLAGS) $(EXTRA_CPPFLAGS) $(PKG_CFLAGS) $(CPPFLAGS) \
          $(ND_CFLAGS) $(EXTRA_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
LINK    = $(CC) $(ND_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@
ND_LIBS = $(SUNDIALS_LIBS) $(PKG_LIBS) $(MPI_LIBS) -lm $(LDLIBS)

# ---- sources -----------------------------------------------------------------

SRCS         := $(sort $(wildcard src/*.c src/*/*.c))
MAIN_SRC     := $(filter src/main.c src/%/main.c,$(SRCS))
LIB_SRCS     := $(filter-out $(MAIN_SRC),$(SRCS))
TEST_SRCS    := $(sort $(wildcard tests/test_*.c))
PLOT_SCRIPTS := $(sort $(wildcard src/plot/*.gp))
HEADERS      := $(wildcard include/nudipole/*.h)
FORMATTED     = $(SRCS) $(wildcard src/*.h src/*/*.h include/*/*.h tests/*.[ch] tests/*/*.[ch])

MAIN_OBJ  := $(MAIN_SRC:%.c=$(B)/%.o)
LIB_OBJS  := $(LIB_SRCS:%.c=$(B)/%.o) $(B)/plot_scripts.o
TEST_OBJS := $(TEST_SRCS:%.c=$(B)/%.o)
BENCH_OBJS := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard tests/bench/*.c)))

# ---- build -------------------------------------------------------------------

.PHONY: all
all: $(PROGRAM) $(LIB) ## build the program and the static library (default)

# $(call stamp,FILE,VARIABLE): FILE holds the value of VARIABLE and is rewritten
# only when that value changes, so what depends on it is rebuilt exactly then.
define stamp_rules
$(if $(call differs,$(1),$(2)),$(1): FORCE)
$(1):
	@$$(shell mkdir -p $$(@D))$$(file >$$@,$$($(2))):
endef
differs = $(shell test -e $(1) || echo 1)$(subst x$(strip $(file <$(1)))x,,x$(strip $($(2)))x)
stamp   = $(eval $(call stamp_rules,$(1),$(2)))

FLAGS_USED   := $(strip $(CC) $(ND_CPPFLAGS) $(PKG_CFLAGS) $(CPPFLAGS) $(ND_CFLAGS) $(CFLAGS))
LINK_USED    := $(strip $(LDFLAGS) $(ND_LIBS))
OBJECTS_USED := $(strip $(MAIN_OBJ) $(LIB_OBJS))
TESTS_USED   := $(strip $(TEST_OBJS))
MPI_USED     := $(strip $(MPI_CFLAGS))
VERSION_USED := $(VERSION) $(NUDIPOLE_VERSION)

$(call stamp,$(B)/stamp/flags,FLAGS_USED)
$(call stamp,$(B)/stamp/link,LINK_USED)
$(call stamp,$(B)/stamp/objects,OBJECTS_USED)
$(call stamp,$(B)/stamp/tests,TESTS_USED)
$(call stamp,$(B)/stamp/plots,PLOT_SCRIPTS)
$(call stamp,$(B)/stamp/mpi,MPI_USED)
$(call stamp,$(B)/stamp/version,VERSION_USED)

$(PROGRAM): $(MAIN_OBJ) $(LIB) $(B)/stamp/link
	$(LINK) $(MAIN_OBJ) $(LIB) $(ND_LIBS)

$(LIB): $(LIB_OBJS) $(B)/stamp/objects
	@rm -f $@
	$(AR) rcs $@ $(LIB_OBJS)

$(B)/%.o: %.c $(B)/stamp/flags
	@mkdir -p $(@D)
	$(COMPILE)

# The version reaches this one object and nothing else.
$(B)/src/version.o: EXTRA_CPPFLAGS = -DND_VERSION_STRING='"$(VERSION)"' \
                                     -DND_GIT_HASH='"$(NUDIPOLE_VERSION)"'
$(B)/src/version.o: $(B)/stamp/version

# And MPI this one.
$(B)/src/cli/sweep_mpi.o: EXTRA_CPPFLAGS = $(MPI_CFLAGS)
$(B)/src/cli/sweep_mpi.o: $(B)/stamp/mpi

# The gnuplot scripts become string constants, one literal a line.
$(B)/plot_scripts.c: $(PLOT_SCRIPTS) $(B)/stamp/plots
	@mkdir -p $(@D)
	@{ printf '#include "plot_scripts.h"\n#include <stddef.h>\n\n'; \
	   printf 'const struct nd_plot_script nd_plot_scripts[] = {\n'; \
	   for f in $(PLOT_SCRIPTS); do \
	       printf '    {"%s", ""\n' "$$(basename "$$f" .gp)"; \
	       sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/?/\\?/g' \
	           -e 's/^/     "/' -e 's/$$/\\n"/' "$$f" || exit 1; \
	       printf '    },\n'; \
	   done; \
	   printf '    {NULL, NULL},\n};\n'; } > $@.tmp
	@mv $@.tmp $@
$(B)/plot_scripts.o: EXTRA_CFLAGS = -Wno-overlength-strings
$(B)/plot_scripts.o: $(B)/plot_scripts.c $(B)/stamp/flags
	$(COMPILE)

# Criterion's cr_assert(eq(...)) assigns ints to bit-fields, hence -Wno-conversion.
$(TEST_OBJS): EXTRA_CFLAGS = $(shell $(PKG_CONFIG) --cflags criterion 2>/dev/null) -Wno-conversion
$(TESTS): $(TEST_OBJS) $(LIB) $(B)/stamp/tests $(B)/stamp/link
	$(LINK) $(TEST_OBJS) $(LIB) $$($(PKG_CONFIG) --libs criterion) $(ND_LIBS)

$(BENCH): $(BENCH_OBJS) $(LIB) $(B)/stamp/link
	$(LINK) $(BENCH_OBJS) $(LIB) $(ND_LIBS)

-include $(patsubst %.o,%.d,$(MAIN_OBJ) $(LIB_OBJS) $(TEST_OBJS) $(BENCH_OBJS))

.DELETE_ON_ERROR:
.PHONY: FORCE
FORCE:

# ---- dependencies --------------------------------------------------------------

# Shell code that prints the Debian package of everything that is missing.
header = printf '\#include <$(1)>\n' | $(CC) $(CPPFLAGS) -E -x c - >/dev/null 2>&1
probe_build = command -v $(firstword $(CC)) >/dev/null 2>&1 || echo gcc; \
    if $(call header,stdio.h); then $(call header,cvode/cvode.h) || echo libsundials-dev; \
    else echo libc6-dev libsundials-dev; fi; \
    if $(PKG_CONFIG) --version >/dev/null 2>&1; then p=; else p=none; echo pkg-config; fi; \
    for m in $(PKGS); do \
        test -z "$$p" && $(PKG_CONFIG) --exists $$m || echo lib$$m-dev; done\
    $(if $(filter 1,$(MPI)),; command -v $(MPICC) >/dev/null 2>&1 || echo libopenmpi-dev)
probe_tools = test -z "$$p" && $(PKG_CONFIG) --exists criterion || echo libcriterion-dev; \
    command -v gnuplot >/dev/null 2>&1 || echo gnuplot-nox \
    $(if $(filter 1,$(MPI)),; command -v mpirun >/dev/null 2>&1 || echo openmpi-bin)

MISSING := $(shell $(probe_build))
ifneq ($(MISSING),)
$(B)/stamp/flags: missing-deps
.PHONY: missing-deps
missing-deps:
	@echo "nudipole cannot be built, missing: $(MISSING)" >&2
	@echo "Run 'make deps' to install what is missing." >&2
	@exit 1
endif

package_table = $(foreach p,$(patsubst what_%,%,$(filter what_%,$(.VARIABLES))),'$(p): $(what_$(p))')

.PHONY: deps
deps: ## install what is missing (Debian and relatives; silent when nothing is)
	@missing=$$(echo $$($(probe_build); $(probe_tools))); \
	test -n "$$missing" || exit 0; \
	if ! command -v apt-get >/dev/null 2>&1; then \
	    { echo "Please install what is missing (Debian package name: what it is):"; \
	      for p in $$missing; do printf '  %s\n' $(package_table) | grep "^  $$p:"; done; } >&2; \
	    exit 1; \
	fi; \
	install="apt-get install -y --no-install-recommends $$missing"; \
	if test "$$(id -u)" -eq 0; then as_root=; \
	elif command -v sudo >/dev/null 2>&1; then as_root=sudo; \
	else \
	    { echo "Missing: $$missing"; \
	      echo "sudo is not available; as root, run:"; \
	      echo "  apt-get update && $$install"; } >&2; \
	    exit 1; \
	fi; \
	echo "Installing: $$missing"; \
	$$as_root env DEBIAN_FRONTEND=noninteractive apt-get update && \
	$$as_root env DEBIAN_FRONTEND=noninteractive $$install || exit 1; \
	missing=$$(echo $$($(probe_build); $(probe_tools))); \
	test -z "$$missing" || { echo "Still missing: $$missing" >&2; exit 1; }

# ---- use -------------------------------------------------------------------------

# A fresh machine gains pkg-config and the libraries in `deps`, so the real work
# is done by a second make that looks for them again.
NPROC := $(shell nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
AGAIN  = +$(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(NPROC))

.PHONY: run do-run figures do-figures bench do-bench bench-mpi do-bench-mpi
run: deps ## build, analyse the example models and draw the main figures
	$(AGAIN) do-run
do-run: $(PROGRAM)
	$(run_viability)
	$(run_universe)
	$(run_rates)
	$(run_fit)
	$(list_output)

figures: deps ## build and draw every figure
	$(AGAIN) do-figures
do-figures: $(PROGRAM)
	$(run_universe)
	$(run_rates)
	$(run_fit)
	$(run_figures)
	$(list_output)

define list_output
@echo "Results are under output/; figures:"
@find output -type f \( -name '*.png' -o -name '*.pdf' -o -name '*.svg' \) | sort | sed 's/^/  /'
endef

bench: deps ## build and run the benchmark
	$(AGAIN) do-bench
do-bench: $(BENCH)
	$(BENCH)

bench-mpi: ## build with MPI=1 and compare two ranks with one
	+$(MAKE) --no-print-directory MPI=1 deps
	$(AGAIN) MPI=1 do-bench-mpi
do-bench-mpi: $(PROGRAM)
	NUDIPOLE="$(CURDIR)/$(PROGRAM)" sh tests/bench/mpi.sh

# ---- checks ----------------------------------------------------------------------

.PHONY: test do-test san do-san valgrind do-valgrind coverage do-coverage symbols
test: deps ## build and run the unit tests and the command line tests
	$(AGAIN) do-test
run_tests = status=0; \
    ND_TEST_ROOT="$(CURDIR)" $(TESTS) --timeout 120 -j$(NPROC) || status=1; \
    NUDIPOLE="$(CURDIR)/$(PROGRAM)" sh tests/cli/run.sh || status=1
do-test: $(TESTS) $(PROGRAM)
	@$(run_tests); exit $$status

# $(call run_small,FOLDER,CHECKER): each kind of computation once, small.
run_small = $(2) $(PROGRAM) viability --output $(1)/viability --set T_RH_MeV=2 \
        --set precision=precision_fast.ini params/b8.ini && \
    $(2) $(PROGRAM) evolve --output $(1)/coupled --set T_RH_MeV=2 \
        --set precision=precision_fast.ini params/coupled.ini && \
    $(2) $(PROGRAM) bbn --output $(1)/bbn --set abundance_errors=off \
        --set precision=precision_fast.ini params/standard.ini && \
    $(2) $(PROGRAM) spectrum --output $(1)/spectrum params/fig1.ini && \
    $(2) $(PROGRAM) fit --output $(1)/fit --set m4_points=5 --set d_points=10 \
        params/fig2_xenonnt.ini && \
    $(2) $(PROGRAM) map --output $(1)/map --set m4_points=3 --set d_points=4 \
        params/fig4_paper.ini

# A leak in a unit test does not change Criterion's verdict, so the sanitizers
# write their reports to files, and any report is a failure.
SAN_LOG = $(B)/log
SAN_ENV = ASAN_OPTIONS="detect_leaks=1:log_path='$(CURDIR)/$(SAN_LOG)/report'" \
          UBSAN_OPTIONS="print_stacktrace=1:log_path='$(CURDIR)/$(SAN_LOG)/report'"
san: deps ## tests and small runs under the address and undefined behaviour sanitizers
	$(AGAIN) CONFIG=san do-san
do-san: $(TESTS) $(PROGRAM)
	@rm -rf $(SAN_LOG) && mkdir -p $(SAN_LOG)
	@export $(SAN_ENV); { $(run_tests); \
	 $(call run_small,$(B)/output) || status=1; \
	 echo $$status > $(SAN_LOG)/status; } 2>&1 | tee $(SAN_LOG)/run
	@if grep -E 'LeakSanitizer|AddressSanitizer|runtime error' $(SAN_LOG)/*; then \
	     cat $(SAN_LOG)/report* 2>/dev/null; echo "make san: FAILED, see $(SAN_LOG)"; exit 1; fi; \
	 status=$$(cat $(SAN_LOG)/status); \
	 if test "$$status" -eq 0; then echo "make san: clean"; else echo "make san: FAILED"; fi; \
	 exit "$$status"

valgrind: deps ## small runs under valgrind
	$(AGAIN) do-valgrind
do-valgrind: $(PROGRAM)
	export OMP_NUM_THREADS=1; $(call run_small,$(B)/valgrind,valgrind --quiet --leak-check=full \
	    --errors-for-leak-kinds=definite --error-exitcode=99)

coverage: deps ## run the tests with gcov and print the covered share of each source
	$(AGAIN) CONFIG=cov do-coverage
do-coverage: $(TESTS) $(PROGRAM)
	@find $(B) -name '*.gcda' -exec rm -f {} +
	@$(run_tests); \
	 gcov -n $(patsubst %.o,%.gcda,$(LIB_OBJS)) 2>/dev/null | \
	     awk -F"'" '/^File/ { f = $$2 } /^Lines/ && f ~ /^src\// { print f ": " $$0; f = "" }'; \
	 exit $$status

symbols: $(LIB) ## every global symbol of the library begins with nd_
	@sh tests/symbols.sh $(LIB)

CLANG_FORMAT ?= $(shell command -v clang-format-14 || echo clang-format)
.PHONY: format format-check tidy check
format: ## format the sources with clang-format 14
	$(CLANG_FORMAT) -i $(FORMATTED)
format-check: ## check the format of the sources
	$(CLANG_FORMAT) --dry-run --Werror $(FORMATTED)

tidy: $(B)/plot_scripts.c ## static analysis with clang-tidy and cppcheck
	@if command -v clang-tidy >/dev/null; then \
	     clang-tidy --quiet $(SRCS) -- -std=c11 $(ND_CPPFLAGS) -Itests $(PKG_CFLAGS) \
	         -DND_VERSION_STRING='"$(VERSION)"' -DND_GIT_HASH='"$(NUDIPOLE_VERSION)"'; \
	 else echo "clang-tidy is not installed: skipped"; fi
	@if command -v cppcheck >/dev/null; then \
	     cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
	         --error-exitcode=1 --suppress=missingIncludeSystem $(ND_CPPFLAGS) \
	         -DND_VERSION_STRING='"$(VERSION)"' -DND_GIT_HASH='"$(NUDIPOLE_VERSION)"' src; \
	 else echo "cppcheck is not installed: skipped"; fi

check: deps ## everything: format, both compilers with -Werror, symbols, tests, sanitizers
	$(AGAIN) format-check
	$(AGAIN) CC=gcc WERROR=1 do-compile
	$(AGAIN) CC=clang WERROR=1 do-compile
	$(AGAIN) symbols
	$(AGAIN) do-test
	$(AGAIN) san

# Compile and link everything there is, tests included.
.PHONY: do-compile
do-compile: $(PROGRAM) $(LIB) $(TESTS) $(if $(wildcard tests/bench/bench.c),$(BENCH))

# ---- installation ------------------------------------------------------------------

BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
# Found at run time from the program's own folder: ../share/nudipole/data.
DATADIR    := $(PREFIX)/share/nudipole/data
DATA_FILES := $(wildcard params/data/*.md params/data/*/*.* params/data/*/*/*.*)

.PHONY: install uninstall clean help
install: $(PROGRAM) $(LIB) ## install under DESTDIR and PREFIX (default /usr/local)
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR)/nudipole
	install -m 755 $(PROGRAM) $(DESTDIR)$(BINDIR)/nudipole
	install -m 644 $(LIB) $(DESTDIR)$(LIBDIR)/libnudipole.a
	install -m 644 $(HEADERS) $(DESTDIR)$(INCLUDEDIR)/nudipole
	for f in $(DATA_FILES:params/data/%=%); do \
	    install -D -m 644 "params/data/$$f" "$(DESTDIR)$(DATADIR)/$$f" || exit 1; done
	install -m 644 params/observations.ini $(DESTDIR)$(PREFIX)/share/nudipole
	printf '%s\n' 'libdir=$(LIBDIR)' 'includedir=$(INCLUDEDIR)' '' 'Name: nudipole' \
	    'Description: $(pc_description)' 'Version: $(VERSION)' 'Requires: $(PKGS)' \
	    'Cflags: -I$${includedir}' \
	    'Libs: -L$${libdir} -lnudipole $(SUNDIALS_LIBS) $(filter -fopenmp,$(OPENMP)) -lm' \
	    > $(DESTDIR)$(LIBDIR)/pkgconfig/nudipole.pc
pc_description := a sterile neutrino with a dipole moment in the early Universe

uninstall: ## remove what install installed
	rm -f $(DESTDIR)$(BINDIR)/nudipole $(DESTDIR)$(LIBDIR)/libnudipole.a \
	    $(DESTDIR)$(LIBDIR)/pkgconfig/nudipole.pc
	rm -rf $(DESTDIR)$(INCLUDEDIR)/nudipole $(DESTDIR)$(PREFIX)/share/nudipole

clean: ## remove the build directory
	rm -rf build

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(firstword $(MAKEFILE_LIST)) | \
	    awk -F'\t' '{ printf "  %-14s %s\n", $$1, $$2 }'
	@echo "Variables: CONFIG=release|san|cov CC=gcc|clang WERROR=1 MPI=1 PREFIX DESTDIR CFLAGS LDFLAGS"
