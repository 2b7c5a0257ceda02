package slow

import (
	"testing"
	"time"
)

func TestSlow(*testing.T) {
	println("at work")
	time.Sleep(time.Hour)
}
