package yamlread

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The YAML tags for scalars.
const (
	nullTag      = "!!null"
	boolTag      = "!!bool"
	strTag       = "!!str"
	intTag       = "!!int"
	floatTag     = "!!float"
	timestampTag = "!!timestamp"
	binaryTag    = "!!binary"
	mergeTag     = "!!merge"
)

// special returns the value of plain scalars with a special meaning in YAML 1.1,
// other than numbers; false for all others.
func special(in string) (scalar, bool) {
	if len(in) > len("false") { // the longest
		return scalar{}, false
	}
	switch in {
	case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON":
		return scalar{tag: boolTag, kind: Bool, text: "true"}, true
	case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF":
		return scalar{tag: boolTag, kind: Bool, text: "false"}, true
	case "", "~", "null", "Null", "NULL":
		return scalar{tag: nullTag, kind: Null}, true
	case ".nan", ".NaN", ".NAN":
		return float(math.NaN()), true
	case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF":
		return float(math.Inf(1)), true
	case "-.inf", "-.Inf", "-.INF":
		return float(math.Inf(-1)), true
	}
	return scalar{}, false
}

// scalar is the value of a scalar.
type scalar struct {
	tag   string
	kind  Kind
	text  string // as in Node.Text
	float float64
	wide  bool // an integer that fits only into a uint64
}

func float(f float64) scalar { return scalar{tag: floatTag, kind: Number, float: f} }

func whole(i int64) scalar {
	return scalar{tag: intTag, kind: Number, text: strconv.FormatInt(i, 10), float: float64(i)}
}

// resolve returns the value of a scalar as in go-yaml 2, which kubectl uses. The tag
// is "" unless it is explicit; quoted scalars are strings.
func resolve(tag, in string, quoted bool) (scalar, error) {
	if quoted && tag == "" {
		return text(in), nil
	}
	switch tag {
	case "", strTag, boolTag, intTag, floatTag, nullTag, timestampTag:
	case binaryTag:
		b, err := base64.StdEncoding.DecodeString(in)
		if err != nil {
			return scalar{}, errors.New("the !!binary value is not valid base64")
		}
		if !utf8.Valid(b) {
			b = []byte(string([]rune(string(b)))) // as in JSON, each wrong byte becomes U+FFFD
		}
		return text(string(b)), nil
	default:
		return text(in), nil
	}
	s := text(in)
	if tag != strTag {
		s = meaning(tag, in)
	}
	switch {
	case tag == "" || tag == strTag || tag == s.tag:
	case tag == floatTag && s.tag == intTag && !s.wide:
		s = float(s.float)
	default:
		return scalar{}, fmt.Errorf("%q is not a valid %s", in, tag)
	}
	return s, nil
}

// json returns the text of the node of a scalar.
func (s scalar) json() (string, error) {
	if s.tag != floatTag {
		return s.text, nil
	}
	b, err := json.Marshal(s.float)
	if err != nil {
		return "", errors.New("JSON cannot represent this number")
	}
	return string(b), nil
}

func text(s string) scalar { return scalar{tag: strTag, kind: String, text: s} }

// meaning returns the value of a plain scalar.
func meaning(tag, in string) scalar {
	if s, ok := special(in); ok {
		return s
	}
	switch c := in[0]; {
	case c == '.':
		if f, err := strconv.ParseFloat(in, 64); err == nil {
			return float(f)
		}
		return text(in)
	case c != '+' && c != '-' && (c < '0' || c > '9'):
		return text(in)
	}
	if (tag == "" || tag == timestampTag) && isTimestamp(in) {
		return scalar{tag: timestampTag, kind: String, text: in}
	}
	digits := strings.ReplaceAll(in, "_", "")
	if i, err := strconv.ParseInt(digits, 0, 64); err == nil {
		return whole(i)
	}
	if u, err := strconv.ParseUint(digits, 0, 64); err == nil {
		return scalar{tag: intTag, kind: Number, text: strconv.FormatUint(u, 10), float: float64(u), wide: true}
	}
	if isFloat(digits) {
		if f, err := strconv.ParseFloat(digits, 64); err == nil {
			return float(f)
		}
	}
	if bits, ok := strings.CutPrefix(digits, "0b"); ok { // with a sign of its own
		if i, err := strconv.ParseInt(bits, 2, 64); err == nil {
			return whole(i)
		}
	}
	return text(in)
}

// isFloat is [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
func isFloat(s string) bool {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	before := digits(s)
	s = s[before:]
	if s != "" && s[0] == '.' {
		after := digits(s[1:])
		if before+after == 0 {
			return false
		}
		s = s[1+after:]
	} else if before == 0 {
		return false
	}
	if s == "" {
		return true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	s = s[1:]
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	return s != "" && digits(s) == len(s)
}

// digits counts the digits that s starts with.
func digits(s string) int {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

// isTimestamp reports whether s is a timestamp, which is read as a string.
func isTimestamp(s string) bool {
	if digits(s) != 4 || len(s) == 4 || s[4] != '-' {
		return false
	}
	for _, layout := range [...]string{
		"2006-1-2T15:4:5.999999999Z07:00", "2006-1-2t15:4:5.999999999Z07:00", "2006-1-2 15:4:5.999999999", "2006-1-2",
	} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

// keyName returns a scalar as the key of a JSON object.
func (s scalar) keyName() (string, error) {
	switch {
	case s.tag == nullTag:
		return "", errors.New("a key cannot be null or empty; quote it if it is meant as a string")
	case s.wide:
		return "", fmt.Errorf("the key %s is out of range", s.text)
	case s.tag == floatTag:
		switch name := strconv.FormatFloat(s.float, 'g', -1, 32); name {
		case "+Inf":
			return ".inf", nil
		case "-Inf":
			return "-.inf", nil
		case "NaN":
			return ".nan", nil
		default:
			return name, nil
		}
	}
	return s.text, nil
}
