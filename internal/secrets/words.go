package secrets

import "strings"

// words finds words in texts, whatever their case. It reads a text once, and is many times
// faster than a regular expression: most texts have none of the words.
type words struct {
	lists [1 << hashBits]uint8 // the list for the first bytes of a word; 0 if there is none
	words [][]string           // in lower case
}

// hashBits is the length of the hash of the first four bytes of a word.
const hashBits = 12

// newWords returns the words, which are in lower case and have at least four bytes.
func newWords(all ...string) *words {
	w := &words{words: [][]string{nil}}
	for _, word := range all {
		h := hash(uint32(word[0])<<24 | uint32(word[1])<<16 | uint32(word[2])<<8 | uint32(word[3]))
		if w.lists[h] == 0 {
			w.lists[h] = uint8(len(w.words))
			w.words = append(w.words, nil)
		}
		w.words[w.lists[h]] = append(w.words[w.lists[h]], word)
	}
	return w
}

func hash(four uint32) uint32 { return four * 0x9E3779B1 >> (32 - hashBits) }

// find calls match for the words in a text, from left to right, until it returns true. It
// reports whether it does.
func (w *words) find(text string, match func(from, to int) bool) bool {
	var four uint32
	for i := range len(text) {
		four = four<<8 | uint32(lower[text[i]])
		list := w.lists[hash(four)]
		if list == 0 || i < 3 {
			continue
		}
		from := i - 3
		for _, word := range w.words[list] {
			if to := from + len(word); to <= len(text) && strings.EqualFold(text[from:to], word) && match(from, to) {
				return true
			}
		}
	}
	return false
}

// lower has the bytes with letters in lower case.
var lower = func() (all [256]byte) {
	for i := range all {
		all[i] = byte(i)
		if 'A' <= i && i <= 'Z' {
			all[i] |= 0x20
		}
	}
	return all
}()

// isLetter reports whether the byte at an offset is that of a word as in a regular
// expression.
func isLetter(s string, at int) bool {
	return at >= 0 && at < len(s) && s[at] < 0x80 && isWord(s[at])
}
