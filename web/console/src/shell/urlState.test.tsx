import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { flushSync } from 'react-dom'
import { createBrowserRouter, RouterProvider } from 'react-router'
import { afterEach, expect, test } from 'vitest'

import { useUrlState, useUrlStates } from './urlState'

let seen: (string | null)[] = []

/** A page with two filters, whose button changes both, one after the other, in one go. */
function Filters() {
  const [read, write] = useUrlStates()
  const [, setSecond] = useUrlState('second')
  return (
    <>
      <output>{read('first') ?? 'nothing'}</output>
      <button
        onClick={() => {
          write({ first: 'here' })
          seen.push(document.querySelector('output')?.textContent ?? null)
          setSecond('there')
        }}
      >
        both
      </button>
    </>
  )
}

function open(address: string) {
  window.history.replaceState(null, '', address)
  seen = []
  const router = createBrowserRouter([{ path: '*', element: <Filters /> }])
  // As the provider of react-router/dom has it, which here would bring a second react-router.
  render(<RouterProvider router={router} flushSync={(work) => void flushSync(work)} />)
}

afterEach(cleanup)

test('a filter that was just set is kept by the one that is set right after it', () => {
  open('/list?kept=yes&cursor=old')
  act(() => void fireEvent.click(screen.getByText('both')))
  expect(window.location.search).toBe('?kept=yes&first=here&second=there')
})

test('a filter is shown at once, so that nobody acts on a page of before', () => {
  open('/list')
  act(() => void fireEvent.click(screen.getByText('both')))
  expect(seen).toEqual(['here'])
})
