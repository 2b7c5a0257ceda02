package simulate_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/simulate"
)

// TestZero: no method of a zero value panics.
func TestZero(t *testing.T) {
	var r *simulate.Result
	assert.Empty(t, r.Ran())
	assert.Empty(t, r.Skipped())
	assert.Empty(t, r.Failed())
	assert.False(t, r.Succeeded())
	assert.Nil(t, r.Result("x"))
	assert.Nil(t, r.Task("x").Param("x"))
	assert.Nil(t, simulate.Task{}.Result("x"))
	var d simulate.Duration
	assert.Error(t, d.UnmarshalText([]byte("x")))
	_, err := simulate.Run(nil, "", simulate.Script{})
	assert.Error(t, err)
	_, err = simulate.All(nil, "", simulate.Script{}, 0)
	assert.Error(t, err)
}
