#ifndef OTPGATE_STORAGE_CONFORMANCE_SESSION_FIXTURE_H_
#define OTPGATE_STORAGE_CONFORMANCE_SESSION_FIXTURE_H_

#include <memory>
#include <type_traits>
#include <vector>

#include "storage/conformance/storage_fixture.h"

namespace otpgate::storage::conformance {

// An account with at least one session.
struct SignedIn {
  NewSession session;
  Account account;
  AccountKey key() const { return {session.user_id, session.id}; }
};

// The contract of Store<Session> and Store<User>; instantiated like StorageContract.
class SessionContract : public StorageContract {
 protected:
  SignedIn SignIn(int n) {
    Change<Subject> change = FullChange(SampleSubject(n), random_);
    Win(change);
    return {change.effects.sessions.at(0), change.effects.new_account.value()};
  }

  template <class A>
  Row<A> LoadOne(const typename A::Key& key) {
    const auto loaded = PersistLoad<A>(*StoreOf<A>(), {{key}});
    EXPECT_OK(loaded);
    return loaded.ok() ? loaded->rows.at(0) : Row<A>();
  }

  template <class A>
  Change<A> Next(const typename A::Key& key) {
    const Row<A> row = LoadOne<A>(key);
    Change<A> change;
    change.key = key;
    change.expected = row.version;
    change.version = FreshVersion(random_);
    change.before = change.state = row.state;
    return change;
  }

  template <class A>
  std::vector<Fate> WriteAll(std::vector<Change<A>>& changes) {
    const auto fates = Persist(*StoreOf<A>(), changes, random_);
    EXPECT_OK(fates);
    return fates.ok() ? *fates : std::vector<Fate>();
  }
  template <class A>
  Fate WriteOne(Change<A>& change) {
    std::vector<Change<A>> changes = {change};
    const std::vector<Fate> fates = WriteAll(changes);
    change = changes[0];
    return fates.at(0);
  }

 private:
  template <class A>
  Store<A>* StoreOf() {
    if constexpr (std::is_same_v<A, Session>) {
      return sessions_.get();
    } else {
      return users_.get();
    }
  }

  const std::unique_ptr<Store<Session>> sessions_ = NewStore<Session>();
  const std::unique_ptr<Store<User>> users_ = NewStore<User>();
};

}  // namespace otpgate::storage::conformance

#endif  // OTPGATE_STORAGE_CONFORMANCE_SESSION_FIXTURE_H_
