package pac

import (
	"errors"
	"fmt"

	"github.com/tekwright/tekwright/internal/celenv"
)

// A short folder can become any number of runs of any size: with variables that insert the
// payload of the event, with Tasks that a Pipeline uses many times, with remote tasks, and
// with expressions. Pipelines-as-Code has no limit. Each run is an object of less than two
// megabytes, which is the most that a cluster stores.

// maxInserted is the maximum size of all that is inserted into the runs of a folder, and
// maxMaps the maximum number of the maps in all documents and in what is inserted: one of two
// characters can become a struct of a kilobyte. maxSteps is
// the maximum number of steps of all expressions, and maxCompared that of the bytes of
// patterns and the texts that they are compared with.
const (
	maxInserted = 64 << 20
	maxMaps     = 1_000_000
	maxSteps    = 20_000_000
	maxCompared = 1_000_000_000
)

// errTooLarge is the error of a folder whose runs are too large.
var errTooLarge = fmt.Errorf("the runs of the folder are too large: the values of variables, the Pipelines and the Tasks that are inserted have more than %d MiB", maxInserted>>20)

// errTooMany is the error of a folder with too many values.
var errTooMany = fmt.Errorf("the runs of the folder are too large: with the Pipelines and the Tasks that are inserted, it has more than %d maps", maxMaps)

// Work is what is left of the work that may be done for one event. Nil is no bound.
type Work struct {
	Expressions *celenv.Budget
	left, maps  int
	comparisons int
	err         error
}

// NewWork returns the work that may be done for one event.
func NewWork() *Work {
	return &Work{Expressions: celenv.NewBudget(maxSteps), left: maxInserted, maps: maxMaps, comparisons: maxCompared}
}

// Err returns an error if some work was not done, so that the runs are not those of
// Pipelines-as-Code.
func (w *Work) Err() error {
	switch {
	case w == nil:
		return nil
	case w.err == nil && w.Expressions.Exhausted():
		return errors.New("the expressions of the folder take too long to evaluate with this event")
	}
	return w.err
}

// insert reports whether something of a size may be inserted.
func (w *Work) insert(size int) bool {
	if w == nil {
		return true
	}
	if w.left -= min(size, w.left+1); w.left < 0 && w.err == nil {
		w.err = errTooLarge
	}
	return w.err == nil
}

// insertObject reports whether an object of a size and with a number of maps may be inserted.
func (w *Work) insertObject(size, maps int) bool {
	if w == nil {
		return true
	}
	if w.maps -= min(max(maps, 0), w.maps+1); w.maps < 0 && w.err == nil {
		w.err = errTooMany
	}
	return w.insert(size)
}

// Compare reports whether a pattern may be compared with texts, which has a cost.
func (w *Work) Compare(cost int) bool {
	if w == nil {
		return true
	}
	if w.comparisons -= min(cost, w.comparisons+1); w.comparisons < 0 && w.err == nil {
		w.err = errors.New("comparing the patterns of the folder with the event and its changed files takes too long")
	}
	return w.err == nil
}

// expressions returns the budget of expressions.
func (w *Work) expressions() *celenv.Budget {
	if w == nil {
		return nil
	}
	return w.Expressions
}
