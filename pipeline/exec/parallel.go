package exec

import (
	"context"
	"sync"
	"sync/atomic"
)

// parallel calls work(0..n-1), each once, on workers goroutines; every
// goroutine, numbered from 0, has its own work from start.
func parallel(ctx context.Context, n, workers int, start func(worker int) func(int)) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	for k := range min(workers, n) {
		wg.Go(func() {
			work := start(k)
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				work(i)
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}
