/** Reads codes by the camera, where the browser knows how (BarcodeDetector). */
import { Alert } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface Detector {
  detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]>
}
type DetectorClass = new (options: { formats: string[] }) => Detector

const LOOK_EVERY_MS = 250

function detectorClass(): DetectorClass | undefined {
  return (window as { BarcodeDetector?: DetectorClass }).BarcodeDetector
}

/** Whether this browser can. */
export function canScan(): boolean {
  // Without https a browser has no media devices at all.
  return detectorClass() !== undefined && 'mediaDevices' in navigator
}

export function CameraScanner({ onCode }: { onCode: (text: string) => void }) {
  const { t } = useTranslation('desk')
  const video = useRef<HTMLVideoElement>(null)
  const told = useRef(onCode)
  const [isRefused, refuse] = useState(false)
  useEffect(() => {
    told.current = onCode
  }, [onCode])
  useEffect(() => {
    const Known = detectorClass()
    if (!Known) return
    const detector = new Known({ formats: ['qr_code', 'code_128', 'ean_13'] })
    let stream: MediaStream | undefined
    let timer: number | undefined
    let isOver = false
    const look = async () => {
      const shown = video.current
      if (!shown || shown.readyState < shown.HAVE_CURRENT_DATA) return
      const [found] = await detector.detect(shown).catch(() => [])
      if (found && !isOver) {
        isOver = true
        told.current(found.rawValue)
      }
    }
    navigator.mediaDevices
      .getUserMedia({ video: { facingMode: 'environment' } })
      .then((opened) => {
        stream = opened
        if (video.current) video.current.srcObject = opened
        timer = window.setInterval(() => void look(), LOOK_EVERY_MS)
      })
      .catch(() => refuse(true))
    return () => {
      isOver = true
      window.clearInterval(timer)
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
  }, [])
  if (isRefused) return <Alert type="warning" showIcon title={t('cameraRefused')} />
  return (
    <video
      ref={video}
      autoPlay
      muted
      playsInline
      aria-label={t('camera')}
      style={{ width: '100%', maxHeight: 320, marginTop: 12 }}
    />
  )
}
