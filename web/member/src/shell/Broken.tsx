/** What is shown where a page itself has failed. */
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Notice } from './parts'

export class Broken extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false }

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true }
  }

  override render() {
    return this.state.isBroken ? <Apology /> : this.props.children
  }
}

function Apology() {
  const { t } = useTranslation('shell')
  return (
    <main className="page">
      <Notice tone="bad">
        <p>{t('broken')}</p>
        <button type="button" className="button" onClick={() => location.reload()}>
          {t('shared:retry')}
        </button>
      </Notice>
    </main>
  )
}
