package podspec_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/podspec"
)

func TestExpand(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "plain": "plain", "$(A)": "1", "x$(A)y$(A)": "x1y1", "$$(A)": "$(A)", "$(NONE)": "$(NONE)", "$(A": "$(A", "$": "$", "$A": "$A", "$$$(A)": "$1", "$()": "$()",
	} {
		assert.Equal(t, want, podspec.Expand(text, map[string]string{"A": "1"}), text)
	}
}
