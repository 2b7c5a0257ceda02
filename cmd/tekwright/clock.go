package main

import "time"

// clock is the clock of the system.
type clock struct{}

func (clock) Now() time.Time { return time.Now() }

func (clock) Tick(every time.Duration) (ticks <-chan time.Time, stop func()) {
	t := time.NewTicker(every)
	return t.C, t.Stop
}
