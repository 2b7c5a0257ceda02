// Package suggest finds the name that was probably meant by a misspelled name.
package suggest

import "math/bits"

// MaxCandidates is the maximum number of candidates that a name is compared with, so
// that the cost is linear even if all names are misspelled.
const MaxCandidates = 256

// Name returns the candidate that is most similar to name: the first one that is
// [Alike], or the one with the fewest edits. It returns "" if all candidates need too
// many edits for the length of name.
func Name(name string, candidates []string) string {
	best, least := "", max(1+min(len(name), 9)/3, min(len(name), 2))
	for _, c := range Candidates(candidates) {
		if c == name || c == "" {
			continue
		}
		if Alike(name, c) {
			return c
		}
		if d := Distance(name, c, least); d < least {
			best, least = c, d
		}
	}
	return best
}

// Candidates returns the candidates that a name is compared with.
func Candidates(all []string) []string { return all[:min(len(all), MaxCandidates)] }

// Alike reports whether a and b are equal if case, hyphens, underscores and dots are
// ignored.
func Alike(a, b string) bool {
	i, j := 0, 0
	for {
		for i < len(a) && isSeparator(a[i]) {
			i++
		}
		for j < len(b) && isSeparator(b[j]) {
			j++
		}
		if i == len(a) || j == len(b) {
			return i == len(a) && j == len(b)
		}
		if lower(a[i]) != lower(b[j]) {
			return false
		}
		i, j = i+1, j+1
	}
}

func isSeparator(c byte) bool { return c == '-' || c == '_' || c == '.' }

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// Distance counts the edits (insert, delete, replace, swap of neighbours) from
// a to b, and gives up at limit. Its cost is that of the length times the limit.
func Distance(a, b string, limit int) int {
	if d := len(a) - len(b); d >= limit || -d >= limit {
		return limit
	}
	for a != "" && b != "" && a[0] == b[0] { // a common prefix or suffix needs no edits
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	// An edit adds or removes one letter at most.
	if x, y := letters(a), letters(b); bits.OnesCount64(x&^y) >= limit || bits.OnesCount64(y&^x) >= limit {
		return limit
	}
	var space [3 * 64]int // enough for most names, without an allocation
	rows := space[:]
	if n := 3 * (len(b) + 1); n > len(rows) {
		rows = make([]int, n)
	}
	n := len(b) + 1
	before, last, row := rows[:n], rows[n:2*n], rows[2*n:3*n]
	for j := range last {
		last[j] = min(j, limit)
	}
	for i := 1; i <= len(a); i++ {
		// What is further from the diagonal than the limit takes more edits.
		from, to := max(1, i-limit), min(len(b), i+limit)
		row[from-1] = limit
		if from == 1 {
			row[0] = min(i, limit)
		}
		least := row[from-1]
		for j := from; j <= to; j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(row[j-1]+1, last[j-1]+cost, limit)
			if j < i+limit { // the row above ends there
				d = min(d, last[j]+1)
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if least >= limit {
			return limit
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit)
}

// letters returns a bit for each letter of a text. Some share one.
func letters(s string) uint64 {
	var all uint64
	for i := range len(s) {
		all |= 1 << (s[i] & 63)
	}
	return all
}
