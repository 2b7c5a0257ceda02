package podspec

import "strings"

// Expand does to a value, command or argument of a container what the kubelet does: $(NAME)
// becomes the value of the variable if there is one, and $$ becomes $.
func Expand(in string, known map[string]string) string {
	var out strings.Builder
	for i := 0; i < len(in); i++ {
		if in[i] != '$' || i+1 == len(in) {
			out.WriteByte(in[i])
			continue
		}
		switch in[i+1] {
		case '$':
			out.WriteByte('$')
			i++
		case '(':
			end := strings.IndexByte(in[i:], ')')
			if end > 0 {
				if value, ok := known[in[i+2:i+end]]; ok {
					out.WriteString(value)
					i += end
					continue
				}
			}
			out.WriteByte('$')
		default:
			out.WriteByte('$')
		}
	}
	return out.String()
}
