/* nudipole: a sterile neutrino with a transition dipole moment in the early Universe.
 *
 * The flow, each stage reading earlier ones through const pointers:
 *
 *     params -> model -> plasma -> rates -> rate_table -> abundance -> viability -> sweep
 *                            background --------^
 *
 *     params -> model -> universe: neutrinos, N and plasma coupled, with spectra and N_eff
 *               plasma_table, matter_mixing -^
 *
 *     params -> solar -> flux -> recoil -> response -> signal -> likelihood -> fit -> contour
 *               oscillation -^    experiment --^                     (all of it: detection)
 *
 * Call gsl_set_error_handler_off() once at the start of a program: GSL's own handler aborts. */
#ifndef NUDIPOLE_NUDIPOLE_H
#define NUDIPOLE_NUDIPOLE_H

#include "nudipole/abundance.h"
#include "nudipole/abundance_scan.h"
#include "nudipole/background.h"
#include "nudipole/bbn.h"
#include "nudipole/bounds.h"
#include "nudipole/constants.h"
#include "nudipole/contour.h"
#include "nudipole/data_folder.h"
#include "nudipole/datafile.h"
#include "nudipole/detection.h"
#include "nudipole/error.h"
#include "nudipole/experiment.h"
#include "nudipole/fit.h"
#include "nudipole/flux.h"
#include "nudipole/grid.h"
#include "nudipole/light_elements.h"
#include "nudipole/likelihood.h"
#include "nudipole/matter_mixing.h"
#include "nudipole/model.h"
#include "nudipole/nuclear_rates.h"
#include "nudipole/oscillation.h"
#include "nudipole/output.h"
#include "nudipole/params.h"
#include "nudipole/plasma.h"
#include "nudipole/plasma_table.h"
#include "nudipole/plot.h"
#include "nudipole/point.h"
#include "nudipole/progress.h"
#include "nudipole/qed.h"
#include "nudipole/quadrature.h"
#include "nudipole/rate_table.h"
#include "nudipole/rates.h"
#include "nudipole/recoil.h"
#include "nudipole/response.h"
#include "nudipole/signal.h"
#include "nudipole/solar.h"
#include "nudipole/source_set.h"
#include "nudipole/statistics.h"
#include "nudipole/store.h"
#include "nudipole/store_grid.h"
#include "nudipole/sweep_columns.h"
#include "nudipole/sweep_plan.h"
#include "nudipole/table.h"
#include "nudipole/thermal_map.h"
#include "nudipole/thermalization.h"
#include "nudipole/units.h"
#include "nudipole/universe.h"
#include "nudipole/values.h"
#include "nudipole/verdict.h"
#include "nudipole/version.h"
#include "nudipole/viability.h"
#include "nudipole/weak_rates.h"

#endif
