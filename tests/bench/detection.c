/* Benchmarks of the fit: reading the data, spectra, likelihoods, the plane. */
#include <math.h>

#include "bench.h"

enum { N_MASSES = 200, N_COUPLINGS = 400 };

struct work {
    char data[ND_DATA_PATH_MAX];
    struct nd_params params;
    struct nd_beam beam;
    struct nd_detector detector;
    double m4[N_MASSES], mu[N_COUPLINGS];
};

static void run_beam(void *context, struct bench_count *count, struct nd_error *error)
{
    struct work *w = context;
    struct nd_beam beam;
    (void)count;
    nd_beam_create(&beam, &w->params, w->data, "m4_keV", w->params.m4_keV, error);
    nd_beam_clear(&beam);
}

static void run_detector(void *context, struct bench_count *count, struct nd_error *error)
{
    struct work *w = context;
    struct nd_detector detector;
    (void)count;
    nd_detector_create(&detector, &w->params, w->data, -1, &w->beam, error);
    nd_detector_clear(&detector);
}

static void run_spectra(void *context, struct bench_count *count, struct nd_error *error)
{
    struct work *w = context;
    struct nd_signal_table table;
    nd_signal_table_create(&table, w->detector.response, &w->beam.fluxes, w->m4, N_MASSES, error);
    nd_signal_table_clear(&table);
    count->spectra = ND_N_SOURCES * N_MASSES;
}

static void run_planes(void *context, struct bench_count *count, struct nd_error *error)
{
    struct work *w = context;
    const struct nd_plane_options options = {0.9, ND_CONTOUR_LIKELIHOOD_RATIO};
    struct nd_signal_table table;
    enum nd_status status = nd_signal_table_create(&table, w->detector.response, &w->beam.fluxes,
                                                   w->m4, N_MASSES, error);
    for (int s = 0; s < w->beam.n_sets && status == ND_OK; s++) {
        struct nd_plane_fit plane;
        status = nd_plane_fit_create(&plane, &w->detector.likelihood, w->detector.response,
                                     &w->beam.fluxes, &table, &w->beam.sets[s], w->mu, N_COUPLINGS,
                                     &options, error);
        nd_plane_fit_clear(&plane);
    }
    nd_signal_table_clear(&table);
    count->spectra = ND_N_SOURCES * N_MASSES;
    count->likelihoods = (long)w->beam.n_sets * N_MASSES * N_COUPLINGS;
}

void bench_detection(void)
{
    static struct work w;
    struct nd_error error = ND_ERROR_INIT;
    nd_params_init(&w.params);
    bench_need(nd_data_folder(NULL, w.data, &error), &error);
    bench_need(nd_params_set(&w.params, "sources=pp,pep,7Be,8B,hep,13N,15O,17F", &error), &error);
    bench_need(nd_beam_create(&w.beam, &w.params, w.data, "m4_keV", w.params.m4_keV, &error),
               &error);
    bench_need(nd_detector_create(&w.detector, &w.params, w.data, -1, &w.beam, &error), &error);
    for (int i = 0; i < N_MASSES; i++)
        w.m4[i] = nd_mev_from_kev(nd_log_grid(10.0, 2000.0, N_MASSES, i));
    for (int i = 0; i < N_COUPLINGS; i++)
        w.mu[i] = nd_params_mu(&w.params, nd_log_grid(1e-12, 1e-7, N_COUPLINGS, i));
    bench("solar model, oscillated, 8 sources", ND_BENCH_REPEATS, run_beam, &w);
    bench("response of XENON1T", ND_BENCH_REPEATS, run_detector, &w);
    bench("spectra, 8 sources x 200 masses", ND_BENCH_REPEATS, run_spectra, &w);
    bench("fit, 8 sources x 200 masses x 400 couplings, profiled", ND_BENCH_REPEATS, run_planes,
          &w);
    nd_detector_clear(&w.detector);
    nd_beam_clear(&w.beam);
}
