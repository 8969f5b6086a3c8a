// Each drive asks the sidecar what its name says, through OpenAI's own client as it is.
import assert from 'node:assert/strict'
import OpenAI, { APIUserAbortError, BadRequestError, NotFoundError } from 'openai'

const openai = new OpenAI({ baseURL: process.env.POSTERN_SIDECAR, apiKey: 'not looked at', maxRetries: 0 })
const model = 'simulator-small'
const asking = (content) => ({ model, messages: [{ role: 'user', content }] })

// What the client makes of a refusal: its class, and what it read of the error's document.
async function refusal(call) {
  try {
    await call
  } catch (error) {
    return error
  }
  assert.fail('it was not refused')
}

export const drives = {
  async models() {
    const ids = []
    for await (const { id } of openai.models.list()) {
      ids.push(id)
    }
    assert.ok(ids.includes(model), `no ${model} among ${ids}`)
  },

  async chat() {
    const answer = await openai.chat.completions.create(asking('hello from OpenAI'))
    assert.equal(answer.object, 'chat.completion')
    assert.match(answer.choices[0].message.content, /hello from OpenAI/)
    assert.ok(answer.usage.total_tokens > 0)
  },

  async 'many-chats'() {
    const questions = Array.from({ length: 16 }, (_, n) => `question ${n} of many`)
    const answers = await Promise.all(questions.map((one) => openai.chat.completions.create(asking(one))))
    questions.forEach((one, n) => assert.match(answers[n].choices[0].message.content, new RegExp(one)))
  },

  async stream() {
    const pieces = []
    let end
    for await (const event of await openai.chat.completions.create({ ...asking('one two three four'), stream: true })) {
      pieces.push(event.choices[0]?.delta.content ?? '')
      end = event.choices[0]?.finish_reason ?? end
    }
    assert.ok(pieces.length > 2, `${pieces.length} events`)
    assert.match(pieces.join(''), /one two three four/)
    assert.equal(end, 'stop')
  },

  async 'stream-left'() {
    const stream = await openai.chat.completions.create({ ...asking('one two three four'), stream: true })
    for await (const _ of stream) {
      break
    }
    assert.ok(stream.controller.signal.aborted)
    const abort = new AbortController()
    const call = openai.chat.completions.create(asking('never mind'), { signal: abort.signal })
    abort.abort()
    assert.ok((await refusal(call)) instanceof APIUserAbortError)
    assert.ok((await openai.chat.completions.create(asking('still there'))).choices[0].message.content)
  },

  async embeddings() {
    const { data } = await openai.embeddings.create({ model: 'simulator-embed', input: ['one', 'two'] })
    assert.equal(data.length, 2)
    assert.ok(data.every(({ embedding }) => embedding.length > 1 && embedding.every(Number.isFinite)))
    assert.notDeepEqual(data[0].embedding, data[1].embedding)
  },

  async 'unknown-model'() {
    const error = await refusal(openai.chat.completions.create({ ...asking('hello'), model: 'no-such-model' }))
    assert.ok(error instanceof NotFoundError, error.constructor.name)
    assert.equal(error.status, 404)
    assert.equal(error.code, 'unknown-model')
    assert.equal(error.type, 'invalid_request_error')
  },

  async 'unknown-model-streamed'() {
    const body = { ...asking('hello'), model: 'no-such-model', stream: true }
    assert.ok((await refusal(openai.chat.completions.create(body))) instanceof NotFoundError)
  },

  async malformed() {
    const error = await refusal(openai.chat.completions.create({ model, messages: 'none' }))
    assert.ok(error instanceof BadRequestError, error.constructor.name)
    assert.equal(error.type, 'invalid_request_error')
  },

  async 'not-there'() {
    assert.ok((await refusal(openai.files.list())) instanceof NotFoundError)
  },
}
