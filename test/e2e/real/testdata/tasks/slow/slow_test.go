package slow

import (
	"testing"
	"time"
)

func TestSlow(*testing.T) {
	println("busy")
	time.Sleep(time.Hour)
}
