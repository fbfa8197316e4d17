/* Segmentation of a page in C: a prototype that is measured, not shipped.
 *
 * What comes in: a page's markup as UTF-8. What goes out: the nodes, blocks, pieces and links that
 * newsbot.core.blocks.segment makes, as flat arrays, with the counts of each block's text that its features begin with.
 * The parser is the libxml2 inside lxml's own module, told here by its SAX interface instead of by Python calls.
 * Memory is kept between pages and never given back: a prototype for one process that ends.
 */
#include <libxml/HTMLparser.h>
#include <libxml/hash.h>
#include <stdlib.h>
#include <string.h>

enum Kind { BLOCK = 1, INLINE, FORMAT, BREAK, UNTEXT_VOID, UNTEXT };
enum Hidden { HIDDEN_STYLE = 1, HIDDEN_ARIA = 2 };

typedef struct {
    int parent, depth, kind, hidden;
    int first_block, first_link, first_image, end_node, end_block, end_link, end_image;
    int first_attr, end_attr; /* into attrs: name NUL value NUL ... */
} Node;

typedef struct {
    int node, start, end, first_piece, end_piece, hidden;
    int chars, words, digits, capitals, stops, commas, link_chars;
} Block;

typedef struct { int start, end, node, tag, link; } Piece;
typedef struct { int node, first_block, end_block; } Link;
typedef struct { int node, holder, near, link, tag; } Open;  /* what holds again when an element ends */
typedef struct { int start, size, node, tag, link; } Run;    /* text since the last boundary, in raw */

#define ARRAY(type) struct { type *items; int count, room; }
#define PUSH(array, item) do { \
        if ((array).count == (array).room) { \
            (array).room = (array).room ? (array).room * 2 : 1024; \
            (array).items = realloc((array).items, sizeof *(array).items * (array).room); \
        } \
        (array).items[(array).count++] = (item); \
    } while (0)

typedef ARRAY(char) Bytes;

static struct {
    ARRAY(Node) nodes;
    ARRAY(Block) blocks;
    ARRAY(Piece) pieces;
    ARRAY(Link) links;
    ARRAY(Run) run;
    ARRAY(Open) open;
    Bytes text, raw, attrs, scripts;
    int images, holder, near, link, tag, ended_by_break, skipping, holds_data;
} page;

static xmlHashTablePtr kinds;

static void append(Bytes *bytes, const void *start, int size) {
    if (bytes->count + size > bytes->room) {
        while (bytes->count + size > bytes->room) bytes->room = bytes->room ? bytes->room * 2 : 65536;
        bytes->items = realloc(bytes->items, bytes->room);
    }
    memcpy(bytes->items + bytes->count, start, size);
    bytes->count += size;
}

/* The bytes of white space at *at*: 0 for none, 2 for a no-break space. */
static int space_at(const unsigned char *at, int left) {
    if (*at == ' ' || (*at >= '\t' && *at <= '\r')) return 1;
    return *at == 0xC2 && left > 1 && at[1] == 0xA0 ? 2 : 0;
}

static int is_blank(const unsigned char *at, int size) {
    while (size > 0) {
        int width = space_at(at, size);
        if (!width) return 0;
        at += width, size -= width;
    }
    return 1;
}

static void count_char(Block *block, unsigned char c, int in_link) {
    if ((c & 0xC0) == 0x80) return; /* the rest of a character */
    block->chars++;
    block->link_chars += in_link;
    if (c >= '0' && c <= '9') block->digits++;
    else if (c >= 'A' && c <= 'Z') block->capitals++;
    else if (c == '.' || c == '!' || c == '?') block->stops++;
    else if (c == ',') block->commas++;
}

/* One part of a run, its white space folded; *space* is whether white space waits before the next word. */
static void fold(const Run *part, Block *block, Piece *piece, int *space, int *begun) {
    const unsigned char *at = (const unsigned char *)page.raw.items + part->start, *end = at + part->size;
    while (at < end) {
        int width = space_at(at, end - at);
        if (width) {
            *space = 1;
            at += width;
            continue;
        }
        if (*space && page.text.count > block->start) {
            append(&page.text, " ", 1);
            count_char(block, ' ', *begun && part->link >= 0);
            block->words++;
        }
        if (!*begun) piece->start = page.text.count, *begun = 1;
        *space = 0;
        const unsigned char *word = at;
        while (at < end && !space_at(at, end - at)) count_char(block, *at++, part->link >= 0);
        append(&page.text, word, at - word);
    }
}

/* Close the run as a block of the holder, unless it is only white space. */
static void flush(void) {
    Block block = {.node = page.holder, .start = page.text.count, .first_piece = page.pieces.count};
    int space = 0;
    for (int at = 0; at < page.run.count;) {
        const Run *first = &page.run.items[at];
        Piece piece = {.node = first->node, .tag = first->tag, .link = first->link};
        int begun = 0;
        for (; at < page.run.count; at++) {
            const Run *part = &page.run.items[at];
            if (part->node != first->node || part->tag != first->tag || part->link != first->link) break;
            fold(part, &block, &piece, &space, &begun);
        }
        piece.end = page.text.count;
        if (begun) PUSH(page.pieces, piece);
    }
    page.run.count = page.raw.count = 0;
    if (page.text.count == block.start) return;
    block.words++;
    block.end = page.text.count;
    block.end_piece = page.pieces.count;
    block.hidden = page.nodes.items[page.pieces.items[block.first_piece].node].hidden;
    PUSH(page.blocks, block);
}

static int hidden_by(const char *name, const char *value) {
    if (!strcmp(name, "hidden")) return HIDDEN_STYLE;
    if (!strcmp(name, "aria-hidden")) return strcmp(value, "true") ? 0 : HIDDEN_ARIA;
    if (strcmp(name, "style")) return 0;
    return strstr(value, "display:none") || strstr(value, "display: none") ? HIDDEN_STYLE : 0;
}

/* Keep the attributes; the value is the bits of hidden that they set. */
static int keep_attributes(const xmlChar **attributes) {
    int hidden = 0;
    for (; attributes && attributes[0]; attributes += 2) {
        const char *name = (const char *)attributes[0], *value = attributes[1] ? (const char *)attributes[1] : "";
        append(&page.attrs, name, strlen(name) + 1);
        append(&page.attrs, value, strlen(value) + 1);
        hidden |= hidden_by(name, value);
    }
    return hidden;
}

static const char *attribute(const xmlChar **attributes, const char *name) {
    for (; attributes && attributes[0]; attributes += 2)
        if (!strcmp((const char *)attributes[0], name)) return attributes[1] ? (const char *)attributes[1] : "";
    return NULL;
}

static void add_run(const void *text, int size) {
    Run part = {page.raw.count, size, page.near, page.tag, page.link};
    append(&page.raw, text, size);
    PUSH(page.run, part);
}

static void start_break(void) {
    if (page.ended_by_break && page.run.count) {
        const Run *last = &page.run.items[page.run.count - 1];
        if (is_blank((const unsigned char *)page.raw.items + last->start, last->size)) flush();
    }
    add_run("\n", 1);
    page.ended_by_break = 1;
}

static void start_untext(const char *name, const xmlChar **attributes, int kind) {
    const char *type = attribute(attributes, "type");
    keep_attributes(attributes);
    page.holds_data = !strcmp(name, "title") || (!strcmp(name, "script") && type && strstr(type, "json"));
    page.skipping = kind == UNTEXT;
}

static void start_node(const char *name, const xmlChar **attributes, int kind) {
    if (kind == BLOCK && page.run.count) flush();
    Node node = {.parent = page.near, .depth = page.nodes.items[page.near].depth + 1, .kind = kind,
                 .first_block = page.blocks.count, .first_link = page.links.count, .first_image = page.images,
                 .first_attr = page.attrs.count};
    node.hidden = page.nodes.items[page.near].hidden | keep_attributes(attributes);
    node.end_attr = page.attrs.count;
    Open open = {page.nodes.count, page.holder, page.near, page.link, page.tag};
    PUSH(page.open, open);
    page.near = page.nodes.count;
    PUSH(page.nodes, node);
    page.tag = name[0] | name[1] << 8;
    page.ended_by_break = 0;
    if (kind == BLOCK) page.holder = page.near;
    else if (!strcmp(name, "a") && attribute(attributes, "href")) {
        Link link = {page.near, page.blocks.count, 0};
        page.link = page.links.count;
        PUSH(page.links, link);
    } else if (!strcmp(name, "img")) page.images++;
}

static int kind_of(const xmlChar *name) {
    int kind = (int)(size_t)xmlHashLookup(kinds, name);
    return kind ? kind : BLOCK;
}

static void on_start(void *context, const xmlChar *name, const xmlChar **attributes) {
    if (page.skipping) {
        page.skipping++;
        return;
    }
    int kind = kind_of(name);
    if (kind == BREAK) start_break();
    else if (kind >= UNTEXT_VOID) start_untext((const char *)name, attributes, kind);
    else if (kind == FORMAT) {
        Open open = {-1, page.holder, page.near, page.link, page.tag};
        PUSH(page.open, open);
        page.tag = name[0] | name[1] << 8;
        page.ended_by_break = 0;
    } else start_node((const char *)name, attributes, kind);
}

static void on_end(void *context, const xmlChar *name) {
    if (page.skipping) {
        page.skipping--;
        return;
    }
    if (!page.open.count || (name && kind_of(name) >= BREAK)) return;
    Open open = page.open.items[--page.open.count];
    page.near = open.near;
    page.tag = open.tag;
    if (open.node < 0) return;
    int end_block = page.blocks.count;
    if (page.run.count) {
        if (open.node == page.holder) flush(), end_block = page.blocks.count;
        else end_block++; /* the text of inline nodes stands in the run that is still open */
    }
    Node *node = &page.nodes.items[open.node];
    node->end_node = page.nodes.count;
    node->end_block = end_block;
    node->end_link = page.links.count;
    node->end_image = page.images;
    if (page.link != open.link && page.link >= 0) page.links.items[page.link].end_block = end_block;
    page.holder = open.holder;
    page.link = open.link;
}

static void on_text(void *context, const xmlChar *text, int size) {
    if (!page.skipping) {
        if (page.run.count || !is_blank(text, size)) add_run(text, size);
    } else if (page.holds_data) append(&page.scripts, text, size);
}

/* *names* (separated by spaces) are tags of *kind*. */
void name_kind(const char *names, int kind) {
    char *copy = strdup(names);
    if (!kinds) kinds = xmlHashCreate(256);
    for (char *name = strtok(copy, " "); name; name = strtok(NULL, " "))
        xmlHashUpdateEntry(kinds, (const xmlChar *)name, (void *)(size_t)kind, NULL);
    free(copy);
}

void segment(const char *html, int size) {
    page.nodes.count = page.blocks.count = page.pieces.count = page.links.count = page.run.count = page.open.count = 0;
    page.text.count = page.raw.count = page.attrs.count = page.scripts.count = 0;
    page.images = page.holder = page.near = page.ended_by_break = page.skipping = page.holds_data = page.tag = 0;
    page.link = -1;
    Node top = {.kind = BLOCK};
    PUSH(page.nodes, top);
    htmlSAXHandler handler = {.startElement = on_start, .endElement = on_end, .characters = on_text,
                              .cdataBlock = on_text, .ignorableWhitespace = on_text};
    htmlParserCtxtPtr parser = htmlNewSAXParserCtxt(&handler, NULL);
    int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_HUGE;
    htmlDocPtr tree = htmlCtxtReadMemory(parser, html, size, NULL, "utf-8", options);
    if (tree) xmlFreeDoc(tree);
    htmlFreeParserCtxt(parser);
    while (page.open.count) on_end(NULL, NULL);
    flush();
}

/* What was made, by number: nodes, blocks, pieces, links, text, attributes, scripts. */
const void *items(int which, int *size) {
    switch (which) {
    case 0: *size = page.nodes.count * sizeof(Node); return page.nodes.items;
    case 1: *size = page.blocks.count * sizeof(Block); return page.blocks.items;
    case 2: *size = page.pieces.count * sizeof(Piece); return page.pieces.items;
    case 3: *size = page.links.count * sizeof(Link); return page.links.items;
    case 4: *size = page.text.count; return page.text.items;
    case 5: *size = page.attrs.count; return page.attrs.items;
    default: *size = page.scripts.count; return page.scripts.items;
    }
}
