package yamlread

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRemarks(t *testing.T) {
	const text = `# licence

# about it
kind: Task # a kind
spec: # the spec
  # params
  params:
    # the first
    - name: a # its name
      default: "# no comment" # default
    # - name: b
  # below the list
  steps:
    - name: s
      # the script
      script: | # header
        # no comment
        echo
      # image
      image: x
    # commented out

  # below the steps
# the end
`
	var got []string
	for d := range Documents(text) {
		for _, r := range d.Remarks() {
			got = append(got, fmt.Sprintf("%d %s %s:%s", r.Line, []string{"above", "end", "below"}[r.Place], r.Path, r.Text))
		}
	}
	assert.Equal(t, []string{
		"1 above : licence", "3 above : about it", "4 end kind: a kind", "5 end spec: the spec", "6 above spec.params: params",
		"8 above spec.params[0]: the first", "9 end spec.params[0].name: its name", "10 end spec.params[0].default: default",
		"11 below spec.params[0]: - name: b", "12 above spec.steps: below the list", "15 above spec.steps[0].script: the script",
		"16 end spec.steps[0].script: header", "19 above spec.steps[0].image: image", "21 below spec.steps[0]: commented out",
		"23 below spec.steps: below the steps", "24 below spec: the end",
	}, got)
}
