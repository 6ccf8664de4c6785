package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	jsonpatch "github.com/evanphx/json-patch/v5"
)

var (
	// ErrForm says that an order, or an answer to a question, is not in the shop's form.
	ErrForm = errors.New("the form is wrong")
	// ErrNotAsked says that something was answered that is not asked.
	ErrNotAsked = errors.New("this is not asked, or not any more; look at the order again")
)

// FormError is ErrForm with every place at fault.
type FormError struct{ Faults []Fault }

func (e FormError) Error() string { return ErrForm.Error() }

// Is says that it is ErrForm.
func (e FormError) Is(target error) bool { return target == ErrForm }

// Answers are values by where they belong in an order, as the questions said: JSON Pointers.
type Answers map[string]json.RawMessage

// asksFor says whether an answer at that place of the order was asked for.
func (a Answer) asksFor(where string) bool {
	return slices.ContainsFunc(a.Questions, func(q Question) bool { return q.Where == where && where != "" })
}

// areIn says whether the order has all these values already.
func (a Answers) areIn(order Order) bool {
	_, err := a.step("test", order)
	return err == nil
}

// addedTo is the order with these values.
func (a Answers) addedTo(order Order) (Order, error) {
	text, err := a.step("add", order)
	if err != nil {
		return Order{}, fmt.Errorf("%w: %w", ErrForm, err)
	}
	added, err := ReadOrder(text)
	if err != nil {
		return Order{}, fmt.Errorf("%w: %w", ErrForm, err)
	}
	return added, nil
}

// step takes the same step of a JSON Patch at each place.
func (a Answers) step(operation string, order Order) ([]byte, error) {
	type step struct {
		Op    string          `json:"op"`
		Path  string          `json:"path"`
		Value json.RawMessage `json:"value"`
	}
	steps := []step{}
	for where, value := range a {
		steps = append(steps, step{operation, where, value})
	}
	text, err := json.Marshal(steps)
	if err != nil {
		return nil, err
	}
	patch, err := jsonpatch.DecodePatch(text)
	if err != nil {
		return nil, err
	}
	options := jsonpatch.NewApplyOptions()
	options.EnsurePathExistsOnAdd = true
	return patch.ApplyWithOptions([]byte(order.Text()), options)
}
