/* SSP1's epochs, replay windows and fence, for spin. docs/protocol.md, "The model", says what it covers.
 *
 *   spin -a ssp1.pml && gcc -O2 -DSAFETY -o pan pan.c && ./pan -m1000000
 *
 * One client seals. The network keeps every frame for ever and hands any of them to anybody, at any time and any number
 * of times, and forges others: that covers loss, duplicates, reordering and replay across epochs. One owner holds the
 * session's keys; the other replica holds none. Each frame goes through an owner's own window, then through Redis, then
 * takes effect, and anything may happen in between. Redis forgets, falls silent (also after it has marked a number) and
 * comes back. An owner dies.
 *
 * With -DCLONE the other replica is a copy that holds the keys, too, and takes the fence; Redis then answers and
 * remembers, because that is what the fence needs. Every other -D takes one rule away: spin must find what it was for.
 */

#ifndef EPOCHS
#define EPOCHS 2
#endif
#ifndef NUMBERS
#define NUMBERS 3
#endif
#define WINDOW 2
#define MOST 3    /* epochs, at most */

#define OWNERS 2
#define NOBODY 2
#define bit(n) (1 << (n))
#define has(set, n) (((set) & bit(n)) != 0)

#ifdef SAME_KEY_AFTER_UPDATE
#define key(e) 0
#else
#define key(e) (e)
#endif

/* What the network knows: the numbers sealed under each key, and which epochs' KEYUPDATE is out. */
byte sealed[MOST];
byte nonces[MOST];
bool updated[MOST];

byte client_epoch;
byte client_next;

/* Redis: a fence, and per epoch a window as an owner has it. top is the highest number and one, 0 for none. */
byte fence;
byte redis_seen[MOST];
byte redis_top[MOST];
bool silent;
bool may_forget = true;

mtype = { none, waiting, marked, seen, forgotten, fenced, unknown };

typedef Owner {
  bool over;
  byte epoch;
  byte keys;              /* of epochs: the current one's, and those in grace */
  byte own_seen[MOST];
  byte own_top[MOST];
  bool away;              /* Redis did not answer the last time */
  mtype step;             /* of the frame below */
  byte e;
  byte s;
  bool late;              /* ghost: Redis was asked after another owner's frame had taken effect */
  byte lost;              /* ghost: epochs below this one are from before Redis forgot or was away */
  bool grace_over;        /* ghost: and the grace of their keys has passed since */
  byte genuine_top[MOST]; /* ghost: own_top, had only genuine frames been seen */
};
Owner owner[OWNERS];

/* Ghosts of what has happened. */
byte effects[MOST];
bool effect_of[OWNERS];

/* The rules, each under the name that spin gives when it is broken. */
bool effect_twice;
bool number_twice;
bool genuine_refused;
bool effect_refused;
bool opened_after_loss;
bool every_epoch_had_effects;

inline refute(broken, condition) {
  broken = (condition);
  assert(!broken)
}

#define fresh(seen_set, top, n) ((n) >= (top) || ((top) <= (n) + WINDOW && !has(seen_set, n)))

inline take_effect(o) {
  /* No frame takes effect twice. */
  refute(effect_twice, has(effects[owner[o].e], owner[o].s));
  /* Nor at an owner that asked after another one, which has the fence, has gone on. */
  assert(!owner[o].late);
  effects[owner[o].e] = effects[owner[o].e] | bit(owner[o].s);
  effect_of[o] = true;
#ifdef WITNESS
  /* Not a rule: shows that frames of every epoch do take effect. */
  refute(every_epoch_had_effects, effects[0] != 0 && effects[1] != 0 && effects[EPOCHS - 1] != 0);
#endif
}

inline next_epoch(o) {
  if
  :: owner[o].epoch < EPOCHS - 1 ->
    updated[owner[o].epoch] = true;
    owner[o].epoch++;
    owner[o].keys = owner[o].keys | bit(owner[o].epoch)
  :: else -> owner[o].over = true       /* as far as the model goes */
  fi
}

/* Redis forgot, or was away and may be another: new keys, and the fence anew. */
inline renew(o) {
  owner[o].lost = owner[o].epoch + 1;
  owner[o].grace_over = false;
#ifndef NO_UPDATE_AFTER_LOSS
  next_epoch(o);
#endif
  if
  :: !silent -> fence = o
  :: else
  fi
}

inline done(o) {
  owner[o].step = none;
  owner[o].e = 0;
  owner[o].s = 0;
  owner[o].late = false
}

/* A frame of this epoch and number arrives: genuine, or forged. */
inline receive(o, e_, s_, genuine) {
  if
  :: !has(owner[o].keys, e_) -> skip                             /* epoch unknown or retired, or no keys at all */
#ifndef REDIS_ALONE
  :: has(owner[o].keys, e_) && !fresh(owner[o].own_seen[e_], owner[o].own_top[e_], s_) ->
    /* A genuine frame inside the window is refused only when it was here before. */
    refute(genuine_refused, genuine && !has(effects[e_], s_) && owner[o].genuine_top[e_] <= s_ + WINDOW
          && !(has(owner[o].own_seen[e_], s_) && owner[o].genuine_top[e_] > s_))
#endif
  :: else ->
    if
    :: genuine ->
      /* What Redis may have forgotten opens no more once the grace is over. */
      refute(opened_after_loss, owner[o].grace_over && e_ < owner[o].lost);
      if
      :: s_ >= owner[o].genuine_top[e_] -> owner[o].genuine_top[e_] = s_ + 1
      :: else
      fi;
      owner[o].e = e_;
      owner[o].s = s_;
      owner[o].step = waiting
    :: else
    fi;
    if
#ifdef MARK_BEFORE_VERIFY
    :: true ->
#else
    :: genuine ->
#endif
      if
      :: s_ >= owner[o].own_top[e_] -> owner[o].own_top[e_] = s_ + 1
      :: else
      fi;
      owner[o].own_seen[e_] = owner[o].own_seen[e_] | bit(s_)
#ifndef MARK_BEFORE_VERIFY
    :: else
#endif
    fi
  fi
}

/* mark.lua: one atomic step. */
inline ask(o) {
#ifdef CLONE
  owner[o].late = effect_of[1 - o] && o == 0;
#endif
  if
  :: silent -> owner[o].step = unknown
  :: else ->
    if
    :: fence == NOBODY -> owner[o].step = forgotten
#ifndef NO_FENCE_CHECK
    :: fence != NOBODY && fence != o -> owner[o].step = fenced
#endif
    :: else ->
      if
      :: fresh(redis_seen[owner[o].e], redis_top[owner[o].e], owner[o].s) ->
        redis_seen[owner[o].e] = redis_seen[owner[o].e] | bit(owner[o].s);
        if
        :: owner[o].s >= redis_top[owner[o].e] -> redis_top[owner[o].e] = owner[o].s + 1
        :: else
        fi;
        owner[o].step = marked
      :: else -> owner[o].step = seen
      fi;
#ifndef CLONE
      /* Its answer is lost: the owner only knows that none came. */
      if
      :: owner[o].step = unknown
      :: true
      fi
#endif
    fi
  fi
}

inline answered(o) {
  if
  :: owner[o].step == marked ->
    if
    :: owner[o].away -> owner[o].away = false; renew(o)
    :: else
    fi;
    take_effect(o)
  :: owner[o].step == seen ->
    if
    :: owner[o].away -> owner[o].away = false; renew(o)
    :: else
    fi;
    /* Redis alone takes no frame away from a client. */
    refute(effect_refused, !has(effects[owner[o].e], owner[o].s))
  :: owner[o].step == forgotten ->
    owner[o].away = false;
    renew(o);
    take_effect(o)
  :: owner[o].step == fenced -> owner[o].over = true
  :: owner[o].step == unknown ->
    owner[o].away = true;
    if
    :: take_effect(o)                   /* the own window alone, for a while */
    :: owner[o].over = true             /* the while is over */
    fi
  fi;
  done(o)
}

inline clear(o) {
  d_step {
    owner[o].own_seen[0] = 0; owner[o].own_seen[1] = 0; owner[o].own_seen[2] = 0;
    owner[o].own_top[0] = 0; owner[o].own_top[1] = 0; owner[o].own_top[2] = 0;
    owner[o].genuine_top[0] = 0; owner[o].genuine_top[1] = 0; owner[o].genuine_top[2] = 0
  }
}

proctype Client() {
  do
  :: atomic {
      client_next < NUMBERS ->
      /* One key seals one number once. */
      refute(number_twice, has(nonces[key(client_epoch)], client_next));
      nonces[key(client_epoch)] = nonces[key(client_epoch)] | bit(client_next);
      sealed[client_epoch] = sealed[client_epoch] | bit(client_next);
#ifdef RETRY_UNDER_SAME_NUMBER
      if
      :: client_next++
      :: true
      fi
#else
      client_next++
#endif
    }
  :: atomic {
      client_epoch < EPOCHS - 1 && updated[client_epoch] ->
      client_epoch++;
      client_next = 0
    }
  od
}

proctype Replica(byte o) {
  byte e;
  byte s;
  do
  :: atomic {
      !owner[o].over && owner[o].step == none ->
      select(e : 0 .. EPOCHS - 1);
      select(s : 0 .. NUMBERS - 1);
      if
      :: has(sealed[e], s) -> receive(o, e, s, true)
      :: receive(o, e, s, false)
      fi;
      e = 0;
      s = 0
    }
  :: atomic { !owner[o].over && owner[o].step == waiting -> ask(o) }
  :: atomic { !owner[o].over && owner[o].step != none && owner[o].step != waiting -> answered(o) }
  :: atomic { !owner[o].over && owner[o].keys != 0 && owner[o].epoch < EPOCHS - 1 -> next_epoch(o) }
  :: atomic {
      /* Five seconds later: the keys of former epochs are erased. */
      !owner[o].over && owner[o].keys != 0 && owner[o].step == none ->
      owner[o].keys = bit(owner[o].epoch);
      owner[o].grace_over = owner[o].lost > 0
    }
  :: atomic {
      !owner[o].over && owner[o].keys != 0 ->
      /* Dies: its keys were in memory only. */
#ifdef KEYS_SURVIVE_RESTART
      clear(o)
#else
      owner[o].keys = 0
#endif
      ;
      done(o)
    }
  od
}

proctype Store() {
  do
#if !defined(CLONE) || defined(CLONE_AND_FORGETFUL)
  :: atomic {
      may_forget ->
      may_forget = false;
      fence = NOBODY;
      redis_seen[0] = 0; redis_seen[1] = 0; redis_seen[2] = 0;
      redis_top[0] = 0; redis_top[1] = 0; redis_top[2] = 0
    }
#endif
#ifndef CLONE
  :: atomic { !silent -> silent = true }
  :: atomic { silent -> silent = false }
#endif
#ifdef CLONE
  :: atomic {
      /* The copy wakes up, once: with the keys and the windows of that moment, and takes the fence. */
      owner[1].keys == 0 && !owner[1].over && owner[0].keys != 0 && !owner[0].over && fence == 0 ->
      owner[1].keys = owner[0].keys;
      owner[1].epoch = owner[0].epoch;
      d_step {
        owner[1].own_seen[0] = owner[0].own_seen[0]; owner[1].own_top[0] = owner[0].own_top[0];
        owner[1].own_seen[1] = owner[0].own_seen[1]; owner[1].own_top[1] = owner[0].own_top[1];
        owner[1].own_seen[2] = owner[0].own_seen[2]; owner[1].own_top[2] = owner[0].own_top[2];
        owner[1].genuine_top[0] = owner[0].genuine_top[0];
        owner[1].genuine_top[1] = owner[0].genuine_top[1];
        owner[1].genuine_top[2] = owner[0].genuine_top[2]
      }
      fence = 1
    }
#endif
  od
}

init {
  atomic {
    owner[0].keys = bit(0);
    owner[0].step = none;
    owner[1].step = none;
    fence = 0;
    run Client();
    run Replica(0);
    run Replica(1);
    run Store()
  }
}
