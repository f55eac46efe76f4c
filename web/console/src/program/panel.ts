/** What every tab of the designer is given. */
import type { Desk } from './drafts/useDraft'
import type { Reading } from './drafts/useReading'

export interface PanelProps {
  desk: Desk
  /** As it stands in the editor. */
  text: string
  reading: Reading
  /** Go to another tab. */
  onShow: (tab: string) => void
}
