-- One step of one conversation, whole or not at all: what several replicas do at once happens one after the other.
--
-- KEYS: the conversation, a hash: k its sealed key, i which key that is, b when it began, u when it was used, and
-- sealed records by what nobody can turn back into a pseudonym; the order in which these came, with their weights; of
-- its tenant all conversations by their last use, and their weights, with the sum as 'all'.
-- ARGV: step, the conversation's name among its tenant's, now, idle time, lifetime (ms), and what the step takes.
local conversation, order, used, weights = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local step, id = ARGV[1], ARGV[2]
local now, idle, lifetime = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local family = string.sub(conversation, 1, -(string.len(id) + 1))

local function number(text)
  return tonumber(text or '') or 0
end

-- Nothing of it is left: without its key no copy of a record opens either.
local function drop(one)
  redis.call('DEL', family .. one, family .. one .. ':order')
  redis.call('ZREM', used, one)
  local weight = number(redis.call('HGET', weights, one))
  if weight > 0 then
    redis.call('HDEL', weights, one)
    redis.call('HINCRBY', weights, 'all', -weight)
  end
end

local function isLive()
  local head = redis.call('HMGET', conversation, 'k', 'b', 'u')
  if head[1] and now - number(head[3]) <= idle and now - number(head[2]) <= lifetime then
    return true
  end
  drop(id)
  return false
end

local function touch()
  redis.call('HSET', conversation, 'u', ARGV[3])
  redis.call('ZADD', used, ARGV[3], id)
  local left = number(redis.call('HGET', conversation, 'b')) + lifetime - now
  left = math.max(1, math.min(idle, left))
  redis.call('PEXPIRE', conversation, left)
  redis.call('PEXPIRE', order, left)
  redis.call('PEXPIRE', used, idle)
  redis.call('PEXPIRE', weights, idle)
end

-- The longest unused of the tenant go first, and this one never.
local function forgetTooMany(conversations, values)
  for _, one in ipairs(redis.call('ZRANGEBYSCORE', used, '-inf', '(' .. (now - idle))) do
    drop(one)
  end
  local count = redis.call('ZCARD', used)
  while count > 1 and (count > conversations or number(redis.call('HGET', weights, 'all')) > values) do
    local eldest = redis.call('ZRANGE', used, 0, 1)
    drop(eldest[1] == id and eldest[2] or eldest[1])
    count = redis.call('ZCARD', used)
  end
end

if step == 'open' then
  if not isLive() then
    return {}
  end
  touch()
  return redis.call('HGETALL', conversation)
end

-- which key, that key sealed (nothing unless it is new), most values here, conversations and values of the tenant;
-- then of each new value: its field, its weight, its record. Answers with what is there already, which stays.
if step == 'keep' then
  if isLive() then
    if redis.call('HGET', conversation, 'i') ~= ARGV[6] then
      return {'another'}
    end
  elseif ARGV[7] == '' then
    return {'another'}
  else
    redis.call('HSET', conversation, 'k', ARGV[7], 'i', ARGV[6], 'b', ARGV[3])
  end
  local answer = {'kept'}
  local before = number(redis.call('HGET', weights, id))
  local weight = before
  for at = 11, #ARGV, 3 do
    local there = redis.call('HGET', conversation, ARGV[at])
    if there then
      answer[#answer + 1] = ARGV[at]
      answer[#answer + 1] = there
    else
      redis.call('HSET', conversation, ARGV[at], ARGV[at + 2])
      redis.call('RPUSH', order, ARGV[at + 1] .. ':' .. ARGV[at])
      weight = weight + number(ARGV[at + 1])
    end
  end
  while weight > tonumber(ARGV[8]) and redis.call('LLEN', order) > 1 do
    local eldest = redis.call('LPOP', order)
    local colon = string.find(eldest, ':', 1, true)
    redis.call('HDEL', conversation, string.sub(eldest, colon + 1))
    weight = weight - number(string.sub(eldest, 1, colon - 1))
  end
  redis.call('HSET', weights, id, weight)
  redis.call('HINCRBY', weights, 'all', weight - before)
  touch()
  forgetTooMany(tonumber(ARGV[9]), tonumber(ARGV[10]))
  return answer
end

-- only if its key is sealed so; nothing for any.
if step == 'drop' then
  if not isLive() or (ARGV[6] ~= '' and redis.call('HGET', conversation, 'k') ~= ARGV[6]) then
    return {}
  end
  drop(id)
  return {'dropped'}
end

-- as its key is sealed, as it shall be.
if step == 'reseal' then
  if redis.call('HGET', conversation, 'k') ~= ARGV[6] then
    return {}
  end
  redis.call('HSET', conversation, 'k', ARGV[7])
  return {'resealed'}
end

return redis.error_reply('no such step')
