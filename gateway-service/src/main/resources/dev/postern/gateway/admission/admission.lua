-- Admission of one request against all of its limits, and its settlement, each in one call.
--
-- Guarantee: a request takes from all of its meters or from none, and no two calls see each other half done (Redis
-- runs one script at a time). Amounts are whole numbers below 2^53, which Lua's numbers hold exactly; a bucket's level
-- is counted in 1/60000 of its unit, so that a rate per minute refills whole numbers per millisecond.
--
-- Time is this Redis' own clock, so that replicas of the gateway whose clocks differ agree. Replicas of Redis and its
-- append-only file get the effects of the script (SET, ZADD, PEXPIRE), not the script, so TIME does no harm to them.
-- A clock that steps back freezes refills for as long as it takes to write the meter once, and gives nothing away.
--
-- KEYS[1]   the request's reservation: there from its admission to its settlement, so both happen once. Its value is when
--           it was taken, so that it can be settled by who never heard whether and when it was
-- KEYS[2..] one for each meter; all keys share the hash tag {tenant}, so they are on one node of a cluster
-- ARGV[1]   'take' or 'settle'
-- ARGV[2]   milliseconds since 1970, or '0' for the clock of Redis
-- ARGV[3]   the request's id
-- ARGV[4]   for how long the reservation and its places last, in ms: what a gateway that died never gave back
-- ARGV[5..] five for each meter:
--           shape   'bucket' level that refills | 'places' requests under way | 'day' used in this UTC day
--                   | 'life' used since the meter exists
--           limit   the most that it holds
--           rate    'bucket': what refills in a minute
--           amount  'take': what the request takes; 'settle': by how much it took less (negative) or more than that
--           life    'life': how long an unused meter is remembered, in ms
--
-- Every key expires once it says no more than its absence would.
--
-- 'take' returns {allowed 0|1, refusing meter or 0, ms until that may change or -1 for never,
--                 then for each meter: what is left, ms until nothing is used any more or -1 for never}
-- 'settle' returns 1, or 0 when there was nothing to settle (again, or too late).

local UNIT = 60000
local DAY = 86400000
-- How long a day's use is kept after its end, for requests that are settled after midnight.
local GRACE = 3600000
-- When a place may become free is anybody's guess.
local PLACE_RETRY = 1000

local settling = ARGV[1] == 'settle'
local request = ARGV[3]
local lease = tonumber(ARGV[4])

local now = tonumber(ARGV[2])
if now == 0 then
    local time = redis.call('TIME')
    now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local today = math.floor(now / DAY)
local midnight = (today + 1) * DAY

local function text(number)
    return string.format('%.0f', number)
end

-- Places are sorted sets, for which MGET says nil.
local stored = redis.call('MGET', unpack(KEYS))

-- A meter is stored as "<amount>:<stamp>"; the stamp is the time of a level and the window of a use.
local function amountAndStamp(i)
    if not stored[i] then
        return nil
    end
    local amount, stamp = string.match(stored[i], '^(-?%d+):(%d+)$')
    return tonumber(amount), tonumber(stamp)
end

local function store(i, amount, stamp, life)
    redis.call('SET', KEYS[i], text(amount) .. ':' .. text(stamp), 'PX', text(math.max(1, life)))
end

local meters = {}
for i = 2, #KEYS do
    local at = 5 + (i - 2) * 5
    meters[i] = {
        shape = ARGV[at],
        limit = tonumber(ARGV[at + 1]),
        rate = tonumber(ARGV[at + 2]),
        amount = tonumber(ARGV[at + 3]),
        life = tonumber(ARGV[at + 4])
    }
end

local function level(i, meter)
    local capacity = meter.limit * UNIT
    local units, since = amountAndStamp(i)
    if not units then
        return capacity
    end
    return math.min(capacity, units + math.max(0, now - since) * meter.rate)
end

local function storeLevel(i, meter, units)
    store(i, units, now, math.ceil((meter.limit * UNIT - units) / meter.rate) + 1000)
end

local function used(i, window)
    local amount, of = amountAndStamp(i)
    if amount and of == window then
        return amount
    end
    return 0
end

local function settle()
    local taken = stored[1] and tonumber(stored[1])
    local open = redis.call('DEL', KEYS[1]) == 1
    for i, meter in pairs(meters) do
        if meter.shape == 'places' then
            redis.call('ZREM', KEYS[i], request)
        elseif open and meter.amount ~= 0 then
            if meter.shape == 'bucket' then
                -- A level below nothing is owed: what was used beyond the reservation.
                storeLevel(i, meter, math.min(meter.limit * UNIT, level(i, meter) - meter.amount * UNIT))
            elseif meter.shape == 'day' then
                local day = math.floor(taken / DAY)
                -- Another day's use is on the same key by now, or none.
                if used(i, day) > 0 then
                    store(i, math.max(0, used(i, day) + meter.amount), day, (day + 1) * DAY - now + GRACE)
                end
            elseif used(i, 0) > 0 then
                store(i, math.max(0, used(i, 0) + meter.amount), 0, meter.life)
            end
        end
    end
    return open and 1 or 0
end

-- What a meter holds for the taking, and the ms until it holds enough (-1 for never).
local function look(i, meter)
    if meter.shape == 'bucket' then
        local units = level(i, meter)
        return math.floor(units / UNIT), math.max(0, math.ceil((meter.amount * UNIT - units) / meter.rate))
    elseif meter.shape == 'places' then
        return meter.limit - redis.call('ZCOUNT', KEYS[i], '(' .. text(now), '+inf'), PLACE_RETRY
    elseif meter.shape == 'day' then
        return meter.limit - used(i, today), midnight - now
    end
    return meter.limit - used(i, 0), -1
end

local function take(i, meter)
    if meter.shape == 'bucket' then
        storeLevel(i, meter, level(i, meter) - meter.amount * UNIT)
    elseif meter.shape == 'places' then
        redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', text(now))
        redis.call('ZADD', KEYS[i], text(now + lease), request)
        redis.call('PEXPIRE', KEYS[i], text(lease))
    elseif meter.shape == 'day' then
        store(i, used(i, today) + meter.amount, today, midnight - now + GRACE)
    else
        store(i, used(i, 0) + meter.amount, 0, meter.life)
    end
end

-- Until nothing of a meter is used any more, when nobody takes more.
local function reset(i, meter, taken)
    if meter.shape == 'bucket' then
        return math.ceil((meter.limit * UNIT - level(i, meter) + taken * UNIT) / meter.rate)
    elseif meter.shape == 'places' then
        return 0
    elseif meter.shape == 'day' then
        return midnight - now
    end
    return -1
end

if settling then
    return settle()
end

-- A command that the client repeats after a broken connection takes nothing again.
local repeated = stored[1] ~= false
local refusing = 0
local retry = 0
local left = {}
for i = 2, #KEYS do
    local free, wait = look(i, meters[i])
    left[i] = free
    if not repeated and free < meters[i].amount then
        -- The client is told of the limit that keeps it out for longest.
        if refusing == 0 or wait == -1 or (retry ~= -1 and wait > retry) then
            refusing = i - 1
            retry = wait
        end
    end
end

local takes = refusing == 0 and not repeated
local answer = { refusing == 0 and 1 or 0, refusing, retry }
for i = 2, #KEYS do
    local meter = meters[i]
    local taken = takes and meter.amount or 0
    table.insert(answer, math.max(0, left[i] - taken))
    table.insert(answer, reset(i, meter, taken))
    if takes then
        take(i, meter)
    end
end
if takes then
    redis.call('SET', KEYS[1], text(now), 'PX', text(lease))
end
return answer
