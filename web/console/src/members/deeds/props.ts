import type { Schemas } from '@regulars/shared/api/client'

/** What every question about a deed is told. */
export interface DeedProps {
  member: Schemas['MemberAnswer']
  isOpen: boolean
  onClose: () => void
}
