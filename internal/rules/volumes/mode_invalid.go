package volumes

import (
	_ "embed"
	"strconv"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed mode-invalid.md
var modeInvalidText string

var modeInvalid = &rule.Rule{
	Code:     "mode-invalid",
	Severity: diag.Error,
	Topic:    "volumes",
	Text:     modeInvalidText,
	Kinds:    []string{"Task", "TaskRun", "Pipeline", "PipelineRun", "CustomRun"},
	Run: func(p *rule.Pass) {
		p.Entry.EachMode(func(s facts.Spot, mode int32) { fileMode(p, s, mode) })
	},
}

// maxMode is the largest mode that Kubernetes accepts.
const maxMode = 0o777

// fileMode reports a mode that Kubernetes does not accept, or that is most likely
// an octal number without its 0. It knows the number, but not how it is written: 01000 and
// 512 are the same.
func fileMode(p *rule.Pass, s facts.Spot, mode int32) {
	digits := strconv.Itoa(int(mode))
	meant, err := strconv.ParseInt(digits, 8, 32)
	octal := err == nil && meant >= 0 && meant <= maxMode
	help, inOctal := "use a mode between 0 and 0777", "0"+strconv.FormatInt(int64(mode), 8)
	meantHelp := "write 0" + digits + ", or " + strconv.FormatInt(meant, 10) + " in JSON"
	switch {
	case mode < 0:
		p.Error(s, digits, "file mode "+digits+" is negative, so Kubernetes rejects the pod", help)
	case mode > maxMode:
		if octal && usualModes[int32(meant)] {
			help = meantHelp
		}
		p.Error(s, digits, "file mode "+digits+" ("+inOctal+" in octal) is more than 0777, so Kubernetes rejects the pod", help)
	case octal && usualModes[int32(meant)] && !usualModes[mode]:
		p.Warning(s, digits, "file mode "+digits+" is "+inOctal+" in octal, not 0"+digits, meantHelp)
	}
}

// usualModes are the modes that people give to files of Secrets and ConfigMaps.
var usualModes = map[int32]bool{
	0o400: true, 0o440: true, 0o444: true, 0o500: true, 0o550: true, 0o555: true, 0o600: true, 0o640: true, 0o644: true,
	0o660: true, 0o664: true, 0o666: true, 0o700: true, 0o750: true, 0o755: true, 0o770: true, 0o775: true, 0o777: true,
}
