package column

import "fundtrace/pipeline/table"

// A Trial is a header that was tried: what Choose was given.
type Trial struct {
	Heads    []Heading
	Profiles []Profile
	Setting  Setting
}

// A Term is so many units of one kind of evidence, by its name in the weights.
type Term struct {
	Name string
	X    float64
}

// An Alternative is one field that a column may be, or one table that a sheet may
// be, with all that speaks for and against it.
type Alternative struct {
	Name  string
	Terms []Term
}

// Fields lists what each column of a trial may be in a table, for fitting the
// weights of columns: none is not among them.
func (x *Lexicon) Fields(t Trial, s *table.Schema) [][]Alternative {
	r := x.readAs(&x.tables[s.Index()], t.Heads, t.Profiles, x.likenesses(t.Heads), &t.Setting)
	out := make([][]Alternative, len(t.Heads))
	for c, cands := range r.cands {
		for i := range cands {
			a := Alternative{Name: r.v.fields[cands[i].field].name}
			for _, f := range cands[i].features {
				name := "cells." + x.kinds.name(f.kind-evCount)
				if f.kind < evCount {
					name = "column." + evidenceNames[f.kind]
				}
				a.Terms = append(a.Terms, Term{name, f.x})
			}
			out[c] = append(out[c], a)
		}
	}
	return out
}

// Tables lists the tables that a trial's sheet may be, for fitting the weights of
// tables.
func (x *Lexicon) Tables(t Trial) []Alternative {
	var out []Alternative
	for _, s := range table.Canonical {
		r := x.readAs(&x.tables[s.Index()], t.Heads, t.Profiles, x.likenesses(t.Heads), &t.Setting)
		a := Alternative{Name: s.Name, Terms: []Term{{"prior." + s.Name, 1}}}
		for _, f := range r.tableFeatures() {
			a.Terms = append(a.Terms, Term{"table." + tableNames[f.kind], f.x})
		}
		out = append(out, a)
	}
	return out
}

// WeightsNow lists the weights in force by the names of terms.
func (x *Lexicon) WeightsNow() map[string]float64 {
	out := map[string]float64{}
	for prefix, m := range map[string]map[string]float64{"column.": x.weights.Column, "cells.": x.weights.Cells, "table.": x.weights.Table, "prior.": x.weights.Prior} {
		for k, w := range m {
			out[prefix+k] = w
		}
	}
	return out
}

func (k *kinds) name(i int) string {
	if i < 0 {
		return ""
	}
	return k.list[i].name
}
