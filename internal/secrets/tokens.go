package secrets

import (
	"strings"
	"sync"
)

// form is the form of a token: its beginning, and how many letters, digits and other
// characters follow.
type form struct {
	start string
	least int
	other string
}

// forms are those of tokens that their issuers make recognizable, so that they are found
// anywhere.
var forms = []form{
	{"ghp_", 30, ""}, {"gho_", 30, ""}, {"ghu_", 30, ""}, {"ghs_", 30, ""}, {"ghr_", 30, ""}, {"github_pat_", 30, "_"},
	{"glpat-", 16, "_-."}, {"gldt-", 16, "_-"}, {"glrt-", 16, "_-."}, {"glcbt-", 16, "_-"}, {"glptt-", 16, "_-"}, {"glsoat-", 16, "_-"}, {"glagent-", 16, "_-"},
	{"xoxb-", 16, "-"}, {"xoxp-", 16, "-"}, {"xoxa-", 16, "-"}, {"xoxs-", 16, "-"}, {"xoxe.", 16, "-."}, {"xapp-", 16, "-"},
	{"AKIA", 16, ""}, {"ASIA", 16, ""}, {"AIza", 30, "_-"},
	{"sk_live_", 16, ""}, {"rk_live_", 16, ""}, {"sk_test_", 16, ""}, {"sk-ant-", 30, "_-"}, {"sk-proj-", 30, "_-"},
	{"npm_", 30, ""}, {"pypi-Ag", 20, "_-"}, {"dckr_pat_", 20, "_-"}, {"dckr_oat_", 20, "_-"},
	{"hvs.", 20, "_-"}, {"hvb.", 20, "_-"}, {"SG.", 40, "_-."}, {"sha256~", 40, "_-"}, {"AGE-SECRET-KEY-1", 30, ""},
	{"hooks.slack.com/services/", 20, "/"}, {"discord.com/api/webhooks/", 30, "/_-"},
	{"eyJ", 40, "_-."}, // a JSON Web Token, with two dots
}

// formStarts has a bit for each form, by its first byte and by its second one.
var formStarts = sync.OnceValue(func() *[2][256]uint64 {
	var starts [2][256]uint64
	for i, f := range forms {
		starts[0][f.start[0]] |= 1 << i
		starts[1][f.start[1]] |= 1 << i
	}
	return &starts
})

// The lines around a private key.
const (
	beginKey = "PRIVATE KEY-----"
	endKey   = "-----END"
)

// The lengths above which it is no private key, and no line that begins one.
const (
	longestKey   = 64 << 10
	longestBegin = 50
)

// issued returns the offsets of the tokens and the private keys in a text, one pair after
// another.
func issued(text string, yield func(from, to int)) {
	starts := formStarts()
	var seen [64]int // the ends of what follows the beginnings, by form
	for at := 0; at+2 < len(text); at++ {
		list := starts[0][text[at]] & starts[1][text[at+1]]
		if list == 0 || at > 0 && wordy(text, at) {
			continue
		}
		for i := range forms {
			f := &forms[i]
			if list&(1<<i) == 0 || at < seen[i] || !strings.HasPrefix(text[at:], f.start) {
				continue
			}
			to := at + len(f.start)
			for to < len(text) && (isWord(text[to]) && text[to] != '_' && text[to] < 0x80 || strings.IndexByte(f.other, text[to]) >= 0) {
				to++
			}
			seen[i] = to
			if to-at-len(f.start) >= f.least && (f.start != "eyJ" || strings.Count(text[at:to], ".") == 2) {
				yield(at, to)
				at = to - 1
				break
			}
		}
	}
	end := 0 // the next line that ends a key
	for at := 0; ; {
		i := strings.Index(text[at:], beginKey)
		if i < 0 {
			return
		}
		from := at + i + len(beginKey)
		at = from
		if !strings.Contains(text[max(0, from-longestBegin):from], "-----BEGIN ") {
			continue
		}
		if end < from {
			if end = strings.Index(text[from:], endKey) + from; end < from {
				end = len(text)
			}
		}
		to := from
		if end < len(text) && end-from < longestKey {
			to = end
		} else {
			for to < len(text) && (isWord(text[to]) || strings.IndexByte("+/=\\ \t\r\n", text[to]) >= 0) {
				to++
			}
		}
		at = to
		yield(from, to)
	}
}

// tokens hides what has the form of a token, and private keys.
func (p *Parts) tokens(text string, start int) {
	issued(text, func(from, to int) {
		p.add(text, start, from, to)
		for line := range strings.FieldsSeq(strings.ReplaceAll(text[from:to], `\n`, " ")) {
			if len(line) >= distinctive {
				p.value(line)
			}
		}
	})
}
