/** Tables and texts that scroll within the page can be scrolled from the keyboard too. */
import { useEffect } from 'react'

const SCROLLERS = '.ant-table-content, .ant-table-body, .cm-scroller'

/** Gives whatever scrolls a place in the order of the Tab key, as long as it scrolls. */
export function useReachableScrolls(): void {
  useEffect(() => {
    let waiting = 0
    const look = () => {
      waiting = 0
      document.querySelectorAll<HTMLElement>(SCROLLERS).forEach(reach)
    }
    const soon = () => {
      if (!waiting) waiting = requestAnimationFrame(look)
    }
    const observer = new MutationObserver(soon)
    observer.observe(document.body, { childList: true, subtree: true })
    window.addEventListener('resize', soon)
    soon()
    return () => {
      observer.disconnect()
      window.removeEventListener('resize', soon)
      cancelAnimationFrame(waiting)
    }
  }, [])
}

function reach(box: HTMLElement): void {
  const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight
  if (scrolls) box.tabIndex = 0
  else box.removeAttribute('tabindex')
}
