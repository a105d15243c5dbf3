/* The store of a sweep as an HDF5 file: see nudipole/store.h. */
#include <hdf5.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "nudipole/store.h"

enum {
    CHUNK = 4096,    /* rows that are written at once */
    FIXED = 4,       /* id, status, seconds, message */
    REASON_MAX = 300 /* of a text of HDF5 in a message */
};

enum kind { IDENTIFIER, STATUS, NUMBER, TEXT };

/* A dataset, and the rows that wait for it. */
struct dataset {
    enum kind kind;
    hid_t id;
    union {
        int64_t *identifiers;
        int8_t *statuses;
        double *numbers;
        char **texts; /* own; NULL stays NULL */
        void *any;
    } rows;
};

struct hdf5 {
    const char *path;
    const struct nd_store_layout *layout;
    hid_t file, group, text, status; /* the last two are types; -1: not there */
    int n;
    struct dataset *datasets;
    hsize_t written;
    int waiting;
    struct nd_error *error;
};

/* ---- errors ------------------------------------------------------------------------------- */

/* The innermost entry of HDF5's stack says what went wrong, and of a call of the system, amid all
 * that it was called with, why: "what: name = ..., error message = 'why', ...". */
static herr_t innermost(unsigned n, const H5E_error2_t *entry, void *text)
{
    static const char start[] = "error message = '";
    if (n > 0 || entry->desc == NULL)
        return 0;
    const char *why = strstr(entry->desc, start);
    if (why != NULL) {
        why += sizeof start - 1;
        snprintf(text, REASON_MAX, "%.*s: %.*s", (int)strcspn(entry->desc, ":,"), entry->desc,
                 (int)strcspn(why, "'"), why);
    } else {
        snprintf(text, REASON_MAX, "%s", entry->desc);
    }
    return 0;
}

static enum nd_status fail(struct hdf5 *h, const char *what)
{
    char text[REASON_MAX] = "";
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, innermost, text);
    return nd_fail(h->error, ND_IO_ERROR, "%s: %s: HDF5: %s", h->path, what,
                   *text != '\0' ? text : "no reason given");
}

static enum nd_status no_memory(struct hdf5 *h)
{
    return nd_fail(h->error, ND_NO_MEMORY, "no memory for %d columns of %s", h->n, h->path);
}

/* ---- types -------------------------------------------------------------------------------- */

static hid_t new_text_type(void)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0 &&
        (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)) {
        H5Tclose(type);
        return -1;
    }
    return type;
}

static hid_t new_status_type(void)
{
    const int8_t ok = ND_POINT_OK, failed = ND_POINT_FAILED;
    const hid_t type = H5Tenum_create(H5T_NATIVE_INT8);
    if (type >= 0 &&
        (H5Tenum_insert(type, "ok", &ok) < 0 || H5Tenum_insert(type, "failed", &failed) < 0)) {
        H5Tclose(type);
        return -1;
    }
    return type;
}

static hid_t memory_type(const struct hdf5 *h, enum kind kind)
{
    switch (kind) {
    case IDENTIFIER:
        return H5T_NATIVE_INT64;
    case STATUS:
        return h->status;
    case NUMBER:
        return H5T_NATIVE_DOUBLE;
    case TEXT:
        break;
    }
    return h->text;
}

/* The same on every machine. */
static hid_t file_type(const struct hdf5 *h, enum kind kind)
{
    return kind == IDENTIFIER ? H5T_STD_I64LE
           : kind == NUMBER   ? H5T_IEEE_F64LE
                              : memory_type(h, kind);
}

static size_t size_of(enum kind kind)
{
    switch (kind) {
    case IDENTIFIER:
        return sizeof(int64_t);
    case STATUS:
        return sizeof(int8_t);
    case NUMBER:
        return sizeof(double);
    case TEXT:
        break;
    }
    return sizeof(char *);
}

/* ---- the file ----------------------------------------------------------------------------- */

static int write_attribute(hid_t object, const char *name, hid_t in_file, hid_t in_memory,
                           const void *value)
{
    const hid_t scalar = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate2(object, name, in_file, scalar, H5P_DEFAULT, H5P_DEFAULT);
    const int ok = attribute >= 0 && H5Awrite(attribute, in_memory, value) >= 0;
    if (attribute >= 0)
        H5Aclose(attribute);
    if (scalar >= 0)
        H5Sclose(scalar);
    return ok;
}

static enum nd_status write_attributes(struct hdf5 *h, const struct nd_store_reader *reader)
{
    const char *parameters = nd_store_reader_parameters(reader);
    const char *provenance = nd_store_reader_provenance(reader);
    const int64_t n_points = nd_store_reader_n_points(reader), n_axes = h->layout->n_axes;
    if (write_attribute(h->file, "parameters", h->text, h->text, &parameters) &&
        write_attribute(h->file, "provenance", h->text, h->text, &provenance) &&
        write_attribute(h->file, "n_points", H5T_STD_I64LE, H5T_NATIVE_INT64, &n_points) &&
        write_attribute(h->file, "n_axes", H5T_STD_I64LE, H5T_NATIVE_INT64, &n_axes))
        return ND_OK;
    return fail(h, "cannot be written");
}

/* Chunks are compressed where this HDF5 can (of texts what points to them); of the rows of a
 * dataset one chunk is kept. */
static int set_storage(hid_t creation, hid_t access)
{
    const hsize_t chunk = CHUNK;
    if (creation < 0 || access < 0 || H5Pset_obj_track_times(creation, 0) < 0 ||
        H5Pset_chunk(creation, 1, &chunk) < 0 || H5Pset_chunk_cache(access, 1, 16 * CHUNK, 1.0) < 0)
        return 0;
    if (H5Zfilter_avail(H5Z_FILTER_DEFLATE) > 0)
        return H5Pset_shuffle(creation) >= 0 && H5Pset_deflate(creation, 4) >= 0;
    return 1;
}

static enum nd_status create_dataset(struct hdf5 *h, struct dataset *d, const char *name,
                                     enum kind kind)
{
    const hsize_t none = 0, unlimited = H5S_UNLIMITED;
    const hid_t space = H5Screate_simple(1, &none, &unlimited);
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE), access = H5Pcreate(H5P_DATASET_ACCESS);
    d->kind = kind;
    if (space >= 0 && set_storage(creation, access))
        d->id =
            H5Dcreate2(h->group, name, file_type(h, kind), space, H5P_DEFAULT, creation, access);
    enum nd_status status = d->id >= 0 ? ND_OK : fail(h, "cannot be written");
    H5Pclose(access);
    H5Pclose(creation);
    H5Sclose(space);
    d->rows.any = calloc(CHUNK, size_of(kind));
    return status == ND_OK && d->rows.any == NULL ? no_memory(h) : status;
}

static enum nd_status create_column(struct hdf5 *h, int column)
{
    const struct nd_store_column *c = &h->layout->columns[column];
    struct dataset *d = &h->datasets[FIXED + column];
    const int8_t is_axis = column < h->layout->n_axes;
    const enum nd_status status = create_dataset(h, d, c->name, c->is_text ? TEXT : NUMBER);
    if (status != ND_OK ||
        write_attribute(d->id, "is_axis", H5T_STD_I8LE, H5T_NATIVE_INT8, &is_axis))
        return status;
    return fail(h, "cannot be written");
}

/* Columns are found in the order of the store, which readers of HDF5 can ask for. */
static hid_t create_group(hid_t file)
{
    const hid_t creation = H5Pcreate(H5P_GROUP_CREATE);
    hid_t group = -1;
    if (creation >= 0 && H5Pset_obj_track_times(creation, 0) >= 0 &&
        H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0)
        group = H5Gcreate2(file, "points", H5P_DEFAULT, creation, H5P_DEFAULT);
    if (creation >= 0)
        H5Pclose(creation);
    return group;
}

static enum nd_status create(struct hdf5 *h, const struct nd_store_reader *reader)
{
    static const struct {
        const char *name;
        enum kind kind;
    } fixed[FIXED] = {
        {"id", IDENTIFIER}, {"status", STATUS}, {"seconds", NUMBER}, {"message", TEXT}};
    h->datasets = calloc((size_t)h->n, sizeof *h->datasets);
    if (h->datasets == NULL)
        return no_memory(h);
    for (int i = 0; i < h->n; i++)
        h->datasets[i].id = -1;
    h->text = new_text_type();
    h->status = new_status_type();
    h->file = H5Fcreate(h->path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    h->group = h->file >= 0 ? create_group(h->file) : -1;
    if (h->text < 0 || h->status < 0 || h->group < 0)
        return fail(h, "cannot be made");
    enum nd_status status = write_attributes(h, reader);
    for (int i = 0; i < FIXED && status == ND_OK; i++)
        status = create_dataset(h, &h->datasets[i], fixed[i].name, fixed[i].kind);
    for (int i = 0; i < h->layout->n && status == ND_OK; i++)
        status = create_column(h, i);
    return status;
}

/* ---- rows --------------------------------------------------------------------------------- */

static void drop_texts(struct hdf5 *h)
{
    for (int i = 0; i < h->n; i++) {
        struct dataset *d = &h->datasets[i];
        for (int k = 0; d->kind == TEXT && d->rows.texts != NULL && k < CHUNK; k++) {
            free(d->rows.texts[k]);
            d->rows.texts[k] = NULL;
        }
    }
}

static int write_rows(const struct hdf5 *h, const struct dataset *d)
{
    const hsize_t first = h->written, n = (hsize_t)h->waiting, end = first + n;
    if (H5Dset_extent(d->id, &end) < 0)
        return 0;
    const hid_t memory = H5Screate_simple(1, &n, NULL), space = H5Dget_space(d->id);
    const hid_t type = memory_type(h, d->kind);
    const int ok = memory >= 0 && space >= 0 &&
                   H5Sselect_hyperslab(space, H5S_SELECT_SET, &first, NULL, &n, NULL) >= 0 &&
                   H5Dwrite(d->id, type, memory, space, H5P_DEFAULT, d->rows.any) >= 0;
    H5Sclose(space);
    H5Sclose(memory);
    return ok;
}

static enum nd_status flush(struct hdf5 *h)
{
    for (int i = 0; i < h->n && h->waiting > 0; i++)
        if (!write_rows(h, &h->datasets[i]))
            return fail(h, "cannot be written");
    drop_texts(h);
    h->written += (hsize_t)h->waiting;
    h->waiting = 0;
    return ND_OK;
}

/* Returns 0 without memory. */
static int put_text(struct dataset *d, int row, const char *text)
{
    if (text == NULL)
        return 1; /* as the row is already */
    d->rows.texts[row] = strdup(text);
    return d->rows.texts[row] != NULL;
}

static int add_row(const struct nd_store_row *row, void *context)
{
    struct hdf5 *h = context;
    const int k = h->waiting;
    h->datasets[0].rows.identifiers[k] = row->id;
    h->datasets[1].rows.statuses[k] = (int8_t)row->status;
    h->datasets[2].rows.numbers[k] = row->seconds;
    int ok = put_text(&h->datasets[3], k, row->message);
    for (int i = 0; i < h->layout->n && ok; i++) {
        struct dataset *d = &h->datasets[FIXED + i];
        if (d->kind == TEXT)
            ok = put_text(d, k, row->values[i].text);
        else
            d->rows.numbers[k] = row->values[i].number;
    }
    if (!ok)
        no_memory(h);
    else if (++h->waiting == CHUNK)
        ok = flush(h) == ND_OK;
    return !ok;
}

/* ---- the interface ------------------------------------------------------------------------ */

/* Everything is written when the file is closed: only then is it known whether it could be. */
static void close_all(struct hdf5 *h)
{
    int ok = 1;
    for (int i = 0; h->datasets != NULL && i < h->n; i++)
        if (h->datasets[i].id >= 0)
            ok = H5Dclose(h->datasets[i].id) >= 0 && ok;
    if (h->group >= 0)
        ok = H5Gclose(h->group) >= 0 && ok;
    if (h->status >= 0)
        H5Tclose(h->status);
    if (h->text >= 0)
        H5Tclose(h->text);
    if (h->file >= 0)
        ok = H5Fclose(h->file) >= 0 && ok;
    if (!ok)
        fail(h, "cannot be written");
    if (h->datasets != NULL)
        drop_texts(h);
    for (int i = 0; h->datasets != NULL && i < h->n; i++)
        free(h->datasets[i].rows.any);
    free(h->datasets);
}

enum nd_status nd_store_export_hdf5(const char *folder, const char *path, struct nd_error *error)
{
    struct nd_error own = ND_ERROR_INIT;
    struct nd_store_reader *reader;
    H5E_auto2_t print;
    void *print_data;
    if (nd_store_reader_open(&reader, folder, &own) == ND_OK) {
        const struct nd_store_layout *layout = nd_store_reader_layout(reader);
        struct hdf5 h = {path, layout, -1, -1, -1, -1, FIXED + layout->n, NULL, 0, 0, &own};
        H5Eget_auto2(H5E_DEFAULT, &print, &print_data);
        H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
        if (create(&h, reader) == ND_OK &&
            nd_store_reader_rows(reader, add_row, &h, &own) == ND_OK && own.status == ND_OK)
            flush(&h);
        close_all(&h);
        /* what could not be closed HDF5 tries again at the exit, and would complain once more */
        if (own.status == ND_OK)
            H5Eset_auto2(H5E_DEFAULT, print, print_data);
        nd_store_reader_close(reader);
    }
    return own.status == ND_OK ? ND_OK : nd_fail(error, own.status, "%s", own.message);
}
