/** The document as text. */
import { theme } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { useLook } from '../../shell/Themed'
import { setLook, setSpeech } from './editor'
import type { Writing } from './writing'

/** The editor's own words, by its English ones. */
const EDITOR = 'editor'

export function TextEditor({ writing, height }: { writing: Writing; height: string }) {
  const { t, i18n } = useTranslation('program')
  const { token } = theme.useToken()
  const { shade } = useLook()
  const frame = useRef<HTMLDivElement>(null)

  useEffect(() => {
    setLook(writing, token, shade === 'dark')
  }, [writing, token, shade])
  useEffect(() => {
    const phrases = t(EDITOR, { returnObjects: true }) as unknown as Record<string, string>
    setSpeech(writing, t('text.label'), i18n.language === 'zh' ? phrases : {})
  }, [writing, t, i18n.language])
  useEffect(() => (frame.current ? writing.attach(frame.current) : undefined), [writing])

  return (
    <div
      ref={frame}
      style={{
        height,
        minHeight: 240,
        border: `1px solid ${token.colorBorderSecondary}`,
        borderRadius: token.borderRadius,
        overflow: 'hidden',
      }}
    />
  )
}
