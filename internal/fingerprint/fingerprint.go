// Package fingerprint identifies findings, so that a later run knows which of its findings
// are new.
package fingerprint

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Source is what findings are about: the objects, and the files that they were read from.
// The fields are those and the methods of manifest.LoadResult.
type Source struct {
	Objects []object.Object
	Texts   map[string]string // of the files, by name
	// Secrets returns the secret parts of a file, as ranges of its text and as values, and
	// Hide a text without the values of all Secrets. If they are nil, the texts have no
	// secrets.
	Secrets func(file string) (ranges [][2]int, values []string)
	Hide    func(text string) string
}

// Print identifies a finding.
type Print struct {
	// ID is different for each finding of a run. It is meant for programs that compare
	// one text, such as code scanning services. It has 32 hexadecimal digits.
	ID string
	// Same is the same for equal findings: those with the same code about the same value
	// of the same object, in whatever file. It has 32 hexadecimal digits.
	Same string
	// File is the name of the file, as in the position of the finding; "" if the finding is
	// about a mistake that is reported once for all files.
	File string
	// Object is the name of the object for comparisons with [Match], "" if there is none.
	// Of does not set it.
	Object string
}

// Of returns the fingerprints of findings, in the same order.
//
// A fingerprint consists of the code; the kind, namespace and name of the object; the
// path, with the names of list items in place of their indexes; the subject and the
// excerpt. Within a script, it also has the line of the script. For a finding that is not
// about an object, it has the line of the file instead. It does not depend on line numbers,
// on the severity, on messages, or on findings about anything else, and stays the same if
// the file is formatted in another way.
//
// An object that is rendered counts as the one that it was made from: each of several
// renderings may be the first to be reported.
//
// The name of the file distinguishes equal findings only: the ID of those in the first
// file, by name, does not depend on it, and so survives renaming the file. Several equal
// findings in one file are numbered.
//
// The fingerprint of a mistake that is reported once for all files, such as an image,
// consists of the code and the mistake. It is the same in whatever place it is reported, and
// also if it is reported again for files with another profile.
//
// Secret parts of the files are masked before, so no fingerprint depends on their values.
func Of(findings diag.Findings, s Source) []Print {
	prints := make([]Print, len(findings))
	order := make([]int, len(findings))
	r := reader{Source: s, masks: map[string]*mask{}}
	for i, f := range findings {
		prints[i] = Print{Same: hash(r.parts(f)), File: f.Position.File}
		if f.Once != "" {
			prints[i].File = ""
		}
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		if c := strings.Compare(prints[i].Same, prints[j].Same); c != 0 {
			return c
		}
		if c := findings[i].Position.Compare(findings[j].Position); c != 0 {
			return c
		}
		return i - j
	})
	var first, before Print
	number := 0
	for _, i := range order {
		p := &prints[i]
		if p.Same != first.Same {
			first = *p
		}
		if number++; p.Same != before.Same || p.File != before.File {
			number = 1
		}
		before = *p
		switch p.ID = p.Same; {
		case p.File != first.File:
			p.ID = hash([]string{p.Same, p.File, strconv.Itoa(number)})
		case number > 1:
			p.ID = hash([]string{p.Same, "", strconv.Itoa(number)})
		}
	}
	return prints
}

// Match compares the fingerprints of a run with those of an earlier one. It returns
// whether each of the current ones was known, and the indexes of the known ones that do not
// occur any more. Their IDs are not used.
//
// A fingerprint without a file is known if it is among the known ones, however often.
//
// Fingerprints with the same file belong together first. Of the others, those that are
// equal do, because their file or its directory was renamed, or their object was moved: one
// current one for one known one, and first those whose paths end in the same names. Stays
// reports whether the object of a known one is still in its file. Then it was not moved, and
// an equal finding elsewhere is new. If stays is nil, no object is.
func Match(known, current []Print, stays func(Print) bool) (old []bool, gone []int) {
	old = make([]bool, len(current))
	matched := make([]bool, len(known))
	// pair matches what has the same key.
	pair := func(key func(Print) Print, candidate func(known int) bool) (left int) {
		open := map[Print][]int{}
		for i, p := range known {
			if !matched[i] && candidate(i) {
				open[key(p)] = append(open[key(p)], i)
				left++
			}
		}
		for i, p := range current {
			if old[i] || left == 0 {
				continue
			}
			if rest := open[key(p)]; len(rest) > 0 {
				old[i], matched[rest[0]] = true, true
				open[key(p)] = rest[1:]
				left--
			}
		}
		return left
	}
	anywhere := map[string]bool{} // whether it occurs
	for _, p := range known {
		if p.File == "" {
			anywhere[p.Same] = false
		}
	}
	for i, p := range current {
		if _, ok := anywhere[p.Same]; ok && p.File == "" {
			old[i], anywhere[p.Same] = true, true
		}
	}
	for i, p := range known {
		matched[i] = p.File == "" && anywhere[p.Same]
	}
	pair(func(p Print) Print { return Print{Same: p.Same, File: p.File} }, func(int) bool { return true })
	moved := make([]bool, len(known))
	for i := range known {
		moved[i] = !matched[i] && known[i].File != "" && (stays == nil || !stays(known[i]))
	}
	for n := longestTail; n >= 0; n-- {
		if pair(func(p Print) Print { return Print{Same: p.Same, File: tail(p.File, n)} }, func(i int) bool { return moved[i] }) == 0 {
			break
		}
	}
	for i := range known {
		if !matched[i] {
			gone = append(gone, i)
		}
	}
	return old, gone
}

// longestTail is the number of names at the end of paths that are compared.
const longestTail = 8

// tail returns the last n names of a path, or the path if it has fewer.
func tail(path string, n int) string {
	if n == 0 {
		return ""
	}
	at := len(path)
	for ; n > 0 && at >= 0; n-- {
		at = strings.LastIndexByte(path[:at], '/')
	}
	return path[at+1:]
}

// hash returns a hash of texts.
func hash(parts []string) string {
	var b []byte
	for _, p := range parts {
		b = strconv.AppendQuote(b, p)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}
