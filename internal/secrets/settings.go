package secrets

import (
	"strings"
	"sync"
)

// longestName is the length above which a name is not searched for words of secrets.
const longestName = 80

// assignments hides the values of NAME=VALUE and of "NAME": "VALUE" where the name sounds
// like a secret, as in scripts, command lines, connection strings and JSON in a text.
func (p *Parts) assignments(text string, start int) {
	end := 0 // of the last value, in which there may be others
	for at := 0; at < len(text); at++ {
		if text[at] != '=' && text[at] != ':' {
			continue
		}
		name, from := assignment(text, at)
		if name == "" {
			continue
		}
		if end < from {
			if end = strings.IndexAny(text[from:], " \t\r\n\"'&;|)$`\\") + from; end < from {
				end = len(text)
			}
		}
		if to := end; from < to {
			if value := text[from:to]; len(value) >= short && sounds(name, value, variableName) && Valued(name, value) && !isScheme(value) {
				p.add(text, start, from, to)
				at = to - 1
			}
		}
	}
}

// assignment returns the name before a separator, and where the value behind it begins. The
// name is empty if it is no assignment, or does not sound like a secret.
func assignment(text string, at int) (name string, from int) {
	end := at
	for end > 0 && text[end-1] == ' ' {
		end--
	}
	quoted := end > 0 && (text[end-1] == '"' || text[end-1] == '\'')
	if quoted {
		if end--; end > 0 && text[end-1] == '\\' {
			end--
		}
	}
	if text[at] == ':' && !quoted || text[at] == '=' && quoted {
		return "", 0
	}
	begin := end
	for begin > 0 && end-begin < longestName && inName(text[begin-1]) {
		begin--
	}
	if begin == end || !hasSecretWord(text[begin:end]) {
		return "", 0
	}
	from = at + 1
	for from < len(text) && text[from] == ' ' {
		from++
	}
	opened := false
	for from < len(text) && strings.IndexByte("\\\"'", text[from]) >= 0 {
		from++
		opened = true
	}
	if (text[at] == ':' || end < at && !quoted || from > at+1) && !opened {
		return "", 0
	}
	return text[begin:end], from
}

func inName(c byte) bool { return isWord(c) && c < 0x80 || c == '-' || c == '.' }

// secretWords has a part of each name that sounds like a secret.
var secretWords = strings.Fields("pass pwd pw pat token key auth secret cred jwt bearer cookie hmac salt otp mnemonic seed sig")

// secretStarts has the first two letters of secretWords.
var secretStarts = sync.OnceValue(func() *[1 << 16]bool {
	var starts [1 << 16]bool
	for _, w := range secretWords {
		starts[int(w[0])<<8|int(w[1])] = true
	}
	return &starts
})

// hasSecretWord reports whether a name may sound like a secret. Most do not.
func hasSecretWord(name string) bool {
	starts := secretStarts()
	for i := 0; i+1 < len(name); i++ {
		if !starts[int(name[i]|0x20)<<8|int(name[i+1]|0x20)] {
			continue
		}
		for _, w := range secretWords {
			if len(name)-i >= len(w) && name[i]|0x20 == w[0] && strings.EqualFold(name[i:i+len(w)], w) {
				return true
			}
		}
	}
	return false
}

// settingsIn returns the values of lines NAME: VALUE and NAME = VALUE, of options --NAME VALUE,
// of elements <NAME>VALUE</NAME> and of the words NAME VALUE in a text.
func settingsIn(text string) map[string]bool {
	var all map[string]bool
	add := func(name, value string) {
		value = strings.Trim(value, "\"'")
		if len(value) >= short && !strings.HasPrefix(value, "$") && sounds(name, value, paramName) && Valued(name, value) {
			if all == nil {
				all = map[string]bool{}
			}
			all[value] = true
		}
	}
	for line := range strings.Lines(text) {
		if !hasSecretWord(line) {
			continue
		}
		if sep := strings.IndexAny(line, ":="); sep > 0 && sep < longestName {
			name, value := line[:sep], line[sep+1:]
			name = strings.Trim(name, " \t\"'-")
			if value = strings.TrimSpace(value); name != "" && allInName(name) && !strings.Contains(value, " ") {
				add(name, value)
			}
		}
		netrc := strings.Contains(line, "machine ")
		var words []string
		if netrc || strings.Contains(line, "--") || strings.Contains(line, "_") {
			words = strings.Fields(line)
		}
		for i := 0; i+1 < len(words); i++ {
			switch w := words[i]; {
			case strings.HasPrefix(w, "--") && len(w) < longestName && !strings.HasPrefix(words[i+1], "-"):
				add(w[2:], words[i+1])
			case w == "password" && netrc:
				add(w, words[i+1])
			case strings.Contains(w, "_") && len(w) < longestName: // as in aws configure set
				if w = w[strings.LastIndexByte(w, ':')+1:]; allInName(w) {
					add(w, words[i+1])
				}
			}
		}
		for rest := line; len(all) <= some; {
			_, tag, ok := strings.Cut(rest, "<")
			if !ok {
				break
			}
			rest = tag
			if end := strings.IndexByte(tag[:min(len(tag), longestName)], '>'); end >= 0 {
				value, _, _ := strings.Cut(tag[end+1:], "<")
				add(tag[:end], value)
			}
		}
	}
	return all
}

// allInName reports whether a text has only characters of names.
func allInName(s string) bool {
	for i := range len(s) {
		if !inName(s[i]) {
			return false
		}
	}
	return true
}
