package intake

import (
	"hash/maphash"
	"slices"
	"unsafe"

	"fundtrace/pipeline/sheet"
	"fundtrace/pipeline/table"
)

// again makes out the account of a file whose bytes were read already.
func (out *fileOut) again(f *fileOut, lang language) {
	why := lang.same(f.input.File)
	out.input.Status, out.input.Reason = "duplicate", why
	out.rejects, out.chunks = nil, nil
	for _, c := range f.chunks {
		account := c.account
		account.File = out.input.File
		d := &chunk{account: account}
		d.duplicateOf(f.chunks[0].account, lang)
		d.account.Reason = why
		out.chunks = append(out.chunks, d)
	}
}

// duplicateOf empties a chunk that says what another sheet said already.
func (c *chunk) duplicateOf(first Sheet, lang language) {
	c.account.Reason = lang.same(sheetKey(first))
	c.account.Bins = map[Bin]int{}
	if c.account.Rows > 0 {
		c.account.Bins[Duplicate] = c.account.Rows
	}
	c.account.Lines, c.account.Totals = 0, []TotalCheck{}
	c.table, c.rejects, c.doubts, c.statements = nil, nil, nil, nil
}

var printSeed = maphash.MakeSeed()

// fingerprint hashes what a sheet says: the table made of it and the cells of
// the columns that were not used.
func (t *binner) fingerprint(built *table.Table) uint64 {
	var h maphash.Hash
	h.SetSeed(printSeed)
	h.WriteString(built.Schema().Name)
	for _, f := range built.Schema().Fields {
		if !built.Has(f.Name) {
			continue
		}
		h.WriteString(f.Name)
		if f.Type == table.Text || f.Type == table.Span {
			codes, dict := built.Words(f.Name)
			h.Write(memory(codes))
			for _, w := range dict {
				h.WriteString(w)
			}
			continue
		}
		h.Write(memory(built.Ints(f.Name)))
	}
	for c, u := range t.l.uses {
		if u.Field != "" {
			continue
		}
		for _, cell := range t.column(c)[t.l.data():t.end] {
			switch cell.Kind() {
			case sheet.KindBlank:
			case sheet.KindText, sheet.KindError, sheet.KindRaw:
				h.WriteString(t.in.text(cell.Index()))
			default:
				h.Write(memory([]sheet.Cell{cell}))
			}
			h.WriteByte(0)
		}
	}
	return h.Sum64()
}

func memory[T any](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(s[0])))
}

// sameContent returns the one of list that says the same as c in titles, cells
// and what it inherits, or nil.
func sameContent(c *chunk, list []*chunk) *chunk {
	for _, d := range list {
		if c.table != nil && d.titles == c.titles && d.account.Rows == c.account.Rows && slices.Equal(d.rows, c.rows) && sameTables(c.table, d.table) {
			return d
		}
	}
	return nil
}

func sameTables(a, b *table.Table) bool {
	if a.Schema() != b.Schema() || a.Len() != b.Len() || a.Len() == 0 {
		return false
	}
	for _, f := range a.Schema().Fields {
		if a.Has(f.Name) != b.Has(f.Name) {
			return false
		}
		if !a.Has(f.Name) {
			continue
		}
		if f.Type == table.Text || f.Type == table.Span {
			ac, ad := a.Words(f.Name)
			bc, bd := b.Words(f.Name)
			if !slices.Equal(ac, bc) || !slices.Equal(ad, bd) {
				return false
			}
		} else if !slices.Equal(a.Ints(f.Name), b.Ints(f.Name)) {
			return false
		}
	}
	return true
}
