package client

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	origingatev1 "origingate.dev/client/origingate/v1"
)

// longestPause is the time between tries to reach a server that went away, at most.
const longestPause = 5 * time.Second

// WatchCases tells every event of the caller's cases, over servers that go away and come back: none is missed, and after
// such a gap one may be told twice.
//
//	for answer, err := range gate.WatchCases(ctx, &origingatev1.WatchCasesRequest{After: kept}) {
//		if err != nil { return err }
//		if event := answer.GetEvent(); event != nil { ... }
//		kept = answer.GetToken() // together with what was made of the event
//	}
//
// An answer without an event says that all that happened was told. It ends with the context's error when ctx ends, and
// with an [*Error] where it cannot go on, or where no server was there at first. The request is not changed.
func (c *Client) WatchCases(
	ctx context.Context, request *origingatev1.WatchCasesRequest,
) iter.Seq2[*origingatev1.WatchCasesResponse, error] {
	return func(yield func(*origingatev1.WatchCasesResponse, error) bool) {
		// A reader that leaves ends the stream.
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		going := proto.CloneOf(request)
		pause := time.Duration(0)
		for {
			err := c.watch(ctx, going, func(answer *origingatev1.WatchCasesResponse) bool {
				pause = 0
				return yield(answer, nil)
			})
			var failed *Error
			switch {
			case errors.Is(err, errLeft):
				return
			case ctx.Err() != nil:
				yield(nil, ctx.Err())
				return
			case errors.As(err, &failed) && (failed.Code != codes.Unavailable || going.GetAfter() == ""):
				yield(nil, err)
				return
			}
			pause = min(max(2*pause, 100*time.Millisecond), longestPause)
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
		}
	}
}

// errLeft says that the reader left.
var errLeft = errors.New("the reader left")

// watch tells the answers of one stream; the request goes on after the last. Nil where the server ended it.
func (c *Client) watch(
	ctx context.Context, going *origingatev1.WatchCasesRequest, tell func(*origingatev1.WatchCasesResponse) bool,
) error {
	stream, err := c.cases.WatchCases(ctx, going)
	if err != nil {
		return err
	}
	for {
		answer, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		going.After, going.Start = answer.GetToken(), origingatev1.WatchStart_WATCH_START_UNSPECIFIED
		if !tell(answer) {
			return errLeft
		}
	}
}

// typedStream gives streams errors of the client's own type.
func typedStream(
	ctx context.Context, description *grpc.StreamDesc, connection *grpc.ClientConn, method string,
	streamer grpc.Streamer, options ...grpc.CallOption,
) (grpc.ClientStream, error) {
	stream, err := streamer(ctx, description, connection, method, options...)
	if err != nil {
		return nil, typedError(err)
	}
	return typedClientStream{stream}, nil
}

type typedClientStream struct{ grpc.ClientStream }

// RecvMsg receives an answer; the end of a stream is [io.EOF], as ever.
func (s typedClientStream) RecvMsg(message any) error {
	return typedError(s.ClientStream.RecvMsg(message))
}
