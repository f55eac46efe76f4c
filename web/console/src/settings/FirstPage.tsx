/** Settings begin with one's own account. */
import { Navigate } from 'react-router'

export function Component() {
  return <Navigate to="/settings/account" replace />
}
