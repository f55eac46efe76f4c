-- Every request is a purchase with an id of its own: thread, then a counter.
local next_thread = 0

function setup(thread)
  thread:set("number", next_thread)
  next_thread = next_thread + 1
end

function init(args)
  key = args[1]
  run = args[2]
  members = tonumber(args[3])
  count = 0
  math.randomseed(number + 1)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/cloudevents+json"
  wrk.headers["Authorization"] = "Bearer " .. key
end

local categories = { "GROCERY", "PRODUCE", "MEAT", "DELI", "PASTRY", "DRUG GM" }

function request()
  count = count + 1
  local lines = {}
  for place = 1, 1 + count % 7 do
    lines[place] = string.format(
      '{"amount":%d,"sku":"%d","category":"%s","brand":"%s"}',
      50 + (count * 37 + place * 91) % 1500, 800000 + (count * place) % 90000,
      categories[1 + (count + place) % 6], place % 3 == 0 and "Private" or "National")
  end
  local body = string.format(
    '{"specversion":"1.0","id":"%s-%d-%d","source":"till","type":"purchase","subject":"card:%d",' ..
    '"time":"2017-03-%02dT%02d:%02d:%02dZ","data":{"currency":"USD","store":"12","lines":[%s]}}',
    run, number, count, math.random(1, members), 1 + count % 28, count % 24, count % 60,
    (count * 7) % 60, table.concat(lines, ","))
  return wrk.format(nil, "/v1/events", nil, body)
end

function response(status)
  if status ~= 201 then
    bad = (bad or 0) + 1
  end
end
