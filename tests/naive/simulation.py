"""Base stock simulation the slow way: whole histories kept, every rule written out once, nothing clever."""

import math


def simulate(stages, arcs, demand, level, service_time, warm_up, draws=None):
    """Totals per stage after `warm_up`.

    `stages` is a list of dictionaries (name, lead_time and, if wanted, review_period, batch_size, capacity)
    with suppliers before customers, `arcs` of (source, destination, quantity), `demand` and `draws` map a
    stage to its list of demands or drawn lead times per period.
    """
    names = [stage["name"] for stage in stages]
    data = {stage["name"]: stage for stage in stages}
    periods = len(next(iter(demand.values())))
    into = {name: [arc for arc in arcs if arc[1] == name] for name in names}
    out_of = {name: [arc for arc in arcs if arc[0] == name] for name in names}
    stock = dict(level)
    position = dict(level)
    order = {name: [0.0] * periods for name in names}
    to_start = dict.fromkeys(names, 0.0)
    held = dict.fromkeys(arcs, 0.0)
    owed = dict.fromkeys([*arcs, *names], 0.0)
    arriving = {name: [] for name in names}
    missed = dict.fromkeys(names, False)
    totals = {
        name: {
            "due": 0.0,
            "late": 0.0,
            "on_hand": 0.0,
            "backorders": 0.0,
            "ready": 0,
            "cycles": 0,
            "served": 0,
            "unmatched": 0.0,
        }
        for name in names
    }
    for now in range(periods):
        for name in reversed(names):
            asked = demand.get(name, [0.0] * periods)[now]
            asked += sum(quantity * order[customer][now] for _, customer, quantity in out_of[name])
            position[name] -= asked
            review = max(int(data[name].get("review_period", 0)), 1)
            if now % review == 0 and position[name] < level[name]:
                wanted = level[name] - position[name]
                wanted = min(wanted, review * data[name].get("capacity", math.inf))
                batch = data[name].get("batch_size", 0)
                if batch:
                    wanted = math.ceil(wanted / batch - 1e-9) * batch
                order[name][now] = wanted
                position[name] += wanted
        for name in names:
            to_start[name] += order[name][now]
            able = min([to_start[name], data[name].get("capacity", math.inf)])
            able = min([able, *(held[arc] / arc[2] for arc in into[name])])
            to_start[name] -= able
            for arc in into[name]:
                held[arc] -= arc[2] * able
            takes = draws[name][now] if draws and name in draws else data[name]["lead_time"]
            arriving[name].append((now + takes, able))
            stock[name] += sum(units for when, units in arriving[name] if when == now)
            arriving[name] = [item for item in arriving[name] if item[0] > now]
            then = now - int(service_time.get(name, 0))
            falls_due = {arc: arc[2] * order[arc[1]][then] if then >= 0 else 0.0 for arc in out_of[name]}
            falls_due[name] = demand.get(name, [0.0] * periods)[then] if then >= 0 else 0.0
            for key, units in falls_due.items():
                owed[key] += units
            all_owed = sum(owed[key] for key in falls_due)
            part = 1.0 if all_owed <= stock[name] else stock[name] / all_owed
            for key in falls_due:
                shipped = owed[key] * part
                owed[key] -= shipped
                stock[name] -= shipped
                if key != name:
                    held[key] += shipped
            left = sum(owed[key] for key in falls_due)
            late = min(left, sum(falls_due.values())) if left > 1e-6 else 0.0
            missed[name] = missed[name] or late > 0
            review = max(int(data[name].get("review_period", 0)), 1)
            ends = (now + 1) % review == 0
            if now >= warm_up:
                total = totals[name]
                for arc in into[name]:
                    totals[arc[0]]["unmatched"] += held[arc]
                total["due"] += sum(falls_due.values())
                total["late"] += late
                total["on_hand"] += stock[name]
                total["backorders"] += left
                total["ready"] += left <= 1e-6
                total["cycles"] += ends
                total["served"] += ends and not missed[name]
            if ends:
                missed[name] = False
    return totals
