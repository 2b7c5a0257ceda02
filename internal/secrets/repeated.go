package secrets

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// distinctive is the length from which a value of a Secret may be hidden everywhere.
const distinctive = 8

// Known are values of Secrets that are hidden wherever a text repeats them, also outside of
// the Secrets. The zero value has none.
type Known struct {
	values map[string][]string // by their first bytes
	words  map[string]bool     // of beginnings that many values have
	starts *[1 << 16]bool      // their first two bytes
}

// crowd is the number of values with the same beginning above which only words are compared.
const crowd = 16

// Add adds the values of the Secrets in a stream, as [In] has found them.
func (k *Known) Add(p Parts) { k.AddValues(p.secrets) }

// AddValues adds values of Secrets, encoded or not.
func (k *Known) AddValues(values []string) {
	for _, v := range values {
		k.add(v)
		k.addLines(v)
		// As a message or JSON has it, and a path in JSON. With a blank inside it is not distinctive.
		if !isPlain(v) && !strings.Contains(strings.TrimSpace(v), " ") {
			q := unquoted(v)
			k.add(q)
			k.add(unquoted(q))
		}
		k.add(base64.StdEncoding.EncodeToString([]byte(v)))
		for range 3 { // a value that was encoded more than once
			decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(v))
			if err != nil || !utf8.Valid(decoded) {
				break
			}
			v = string(decoded)
			k.add(v)
			k.addLines(v)
		}
	}
}

// addLines adds the lines of a value that has several, and the values of settings in them:
// a Secret may have a whole file.
func (k *Known) addLines(v string) {
	if !strings.Contains(v, "\n") {
		return
	}
	for line := range strings.SplitSeq(v, "\n") {
		k.add(line)
		if at := strings.IndexAny(line, "=:"); at >= 0 {
			k.add(strings.Trim(strings.TrimSpace(line[at+1:]), `"',`))
		}
	}
}

func (k *Known) add(v string) {
	if v = strings.TrimSpace(v); !isDistinctive(v) {
		return
	}
	if k.values == nil {
		k.values, k.words, k.starts = map[string][]string{}, map[string]bool{}, new([1 << 16]bool)
	}
	k.starts[int(v[0])<<8|int(v[1])] = true
	begin := v[:distinctive]
	switch same := k.values[begin]; {
	case slices.Contains(same, v):
	case len(same) > crowd:
		k.words[v] = true
	default:
		k.values[begin] = append(same, v)
	}
}

// isDistinctive reports whether a value is not likely to be anything but a secret: it is no
// word, name, address or path.
func isDistinctive(v string) bool {
	if len(v) < distinctive || strings.ContainsAny(v, " \n") || isName(v) || strings.Contains(v, "://") || !Literal(v) {
		return false
	}
	if strings.ContainsAny(v, "/.@:") && strings.ToLower(v) == v && !strings.Contains(v, "=") {
		return false // a host, a path or an address
	}
	if !strings.ContainsFunc(v, unicode.IsDigit) && len(v) < certain {
		return false // words: CamelCase
	}
	return strings.ContainsFunc(v, unicode.IsLetter)
}

// certain is the length from which letters without a digit are no words, unless they are all
// small or all capital.
const certain = 24

// In returns the ranges of a text that repeat a value, sorted and apart.
func (k *Known) In(text string) [][2]int {
	if k == nil || len(k.values) == 0 {
		return nil
	}
	var all [][2]int
	for at := 0; at+distinctive <= len(text); at++ {
		if !k.starts[int(text[at])<<8|int(text[at+1])] || at > 0 && isWord(text[at-1]) {
			continue
		}
		same := k.values[text[at:at+distinctive]]
		size := 0
		for _, v := range same {
			if len(v) > size && strings.HasPrefix(text[at:], v) && !wordy(text, at+len(v)) {
				size = len(v)
			}
		}
		if len(same) > crowd {
			end := at
			for end < len(text) && isWord(text[end]) {
				end++
			}
			if k.words[text[at:end]] {
				size = max(size, end-at)
			}
		}
		if size > 0 {
			all = append(all, [2]int{at, at + size})
			at += size - 1
		}
	}
	return all
}

// Hide returns a text without the values.
func (k *Known) Hide(text string) string {
	all := k.In(text)
	if len(all) == 0 {
		return text
	}
	var b strings.Builder
	last := 0
	for _, r := range all {
		b.WriteString(text[last:r[0]] + Hidden)
		last = r[1]
	}
	return b.String() + text[last:]
}

// Hide adds the parts of a text that repeat known values.
func (p *Parts) Hide(k *Known, text string) {
	if more := k.In(text); len(more) > 0 {
		p.Ranges = append(p.Ranges, more...)
		p.join()
	}
}
