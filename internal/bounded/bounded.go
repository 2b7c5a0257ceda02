// Package bounded reads what has a maximum size.
package bounded

import (
	"fmt"
	"io"
)

// ReadAll reads everything, or returns an error if that is more than most bytes.
func ReadAll(r io.Reader, most int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("larger than %d MiB", most>>20)
	}
	return text, err
}
