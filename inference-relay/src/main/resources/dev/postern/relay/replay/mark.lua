-- Marks the numbers of frames that a session received: fence check, clearing of the blocks that are skipped, and
-- test-and-set, in one atomic step.
--
-- KEYS[1]  the session's fence: who owns it
-- KEYS[2]  the window of the epoch: a ring of bits (RFC 6479), in blocks of 64, one of them spare
-- KEYS[3]  the highest number marked in the epoch
-- ARGV[1]  the caller's fence
-- ARGV[2]  bits of the window, a multiple of 64
-- ARGV[3]  milliseconds that an epoch's window is remembered
-- ARGV[4…] numbers, below 2^53, which a Lua number holds exactly
--
-- Returns for each number 1 (new) or 0 (seen before, or too old to say); or only {-1}: the session is not known;
-- or only {-2, fence}: it belongs to another fence, which may be one that the caller took before.

local fence = redis.call('GET', KEYS[1])
if not fence then
    return {-1}
end
if fence ~= ARGV[1] then
    return {-2, fence}
end

local bits = tonumber(ARGV[2])
local blocks = bits / 64 + 1
local empty = string.rep('\0', 8)
local highest = tonumber(redis.call('GET', KEYS[3]) or '-1')
local answer = {}

for i = 4, #ARGV do
    local number = tonumber(ARGV[i])
    if highest - number >= bits then
        answer[#answer + 1] = 0
    else
        if number > highest then
            local from = math.floor(highest / 64)
            local skipped = math.min(math.floor(number / 64) - from, blocks)
            for block = 1, skipped do
                redis.call('SETRANGE', KEYS[2], ((from + block) % blocks) * 8, empty)
            end
            highest = number
        end
        answer[#answer + 1] = 1 - redis.call('SETBIT', KEYS[2], number % (blocks * 64), 1)
    end
end

redis.call('SET', KEYS[3], string.format('%.0f', highest), 'PX', ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return answer
