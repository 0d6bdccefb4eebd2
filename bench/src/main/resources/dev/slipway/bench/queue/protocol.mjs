// Answers each line of stdin, "command number …", with one line: "ok number …" or "error text".
import { createInterface } from 'node:readline'

export async function serve(commands) {
  console.log('ok')
  for await (const line of createInterface({ input: process.stdin })) {
    const [name, ...numbers] = line.trim().split(' ')
    try {
      const result = await commands[name](...numbers.map(Number))
      console.log(['ok', ...[result ?? []].flat()].join(' '))
    } catch (failed) {
      console.log('error ' + String(failed.stack).replaceAll('\n', ' | '))
    }
  }
  process.exit(0)
}

// So many callers do the work until it was done so often; answers the seconds that it took.
export async function together(callers, times, work) {
  let left = times
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (left-- > 0) await work()
    })
  )
  return (performance.now() - begun) / 1000
}

export const pause = (millis) => new Promise((resume) => setTimeout(resume, millis))

// Jobs one by one to idle workers: milliseconds from the call that enqueues to the start of the job's body. The
// first few are warm-up. A body calls started().
export class Probe {
  #resume = () => {}

  started() {
    this.#resume(performance.now())
  }

  async run(warmUp, probes, enqueue) {
    const millis = []
    for (let i = 0; i < warmUp + probes; i++) {
      await pause(15 + ((i * 7) % 20))
      const arrived = new Promise((resume) => (this.#resume = resume))
      const begun = performance.now()
      await enqueue()
      const took = (await arrived) - begun
      if (i >= warmUp) millis.push(took)
    }
    return millis
  }
}
