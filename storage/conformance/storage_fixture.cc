#include "storage/conformance/storage_fixture.h"

#include "base/check.h"

namespace otpgate::storage::conformance {
namespace {

std::unique_ptr<Store<Subject>> NewIn(StorageWorld& world, Subject) { return world.NewSubjects(); }
std::unique_ptr<Store<Bucket>> NewIn(StorageWorld& world, Bucket) { return world.NewBuckets(); }
std::unique_ptr<Store<Session>> NewIn(StorageWorld& world, Session) { return world.NewSessions(); }
std::unique_ptr<Store<User>> NewIn(StorageWorld& world, User) { return world.NewUsers(); }

template <class A>
Row<A> LoadOne(Reader<A>& reader, typename A::Ask ask) {
  const absl::StatusOr<Loaded<A>> loaded = PersistLoad<A>(reader, {ask});
  EXPECT_OK(loaded);
  OTPGATE_CHECK(loaded.ok() && loaded->rows.size() == 1);
  return loaded->rows[0];
}

}  // namespace

StorageContract::StorageContract()
    : world_(GetParam().make()),
      subjects_(NewStore<Subject>()),
      buckets_(NewStore<Bucket>()),
      accounts_(world_->NewAccounts()) {}

template <class A>
std::unique_ptr<Store<A>> StorageContract::NewStore() {
  std::unique_ptr<Store<A>> store = NewIn(*world_, A{});
  if (GetParam().fault_rate == 0) return store;
  plans_.push_back(std::make_unique<SeededFaults>(++stores_, GetParam().fault_rate));
  return std::make_unique<FaultyStore<A>>(std::move(store), *plans_.back());
}
template std::unique_ptr<Store<Subject>> StorageContract::NewStore();
template std::unique_ptr<Store<Bucket>> StorageContract::NewStore();
template std::unique_ptr<Store<Session>> StorageContract::NewStore();
template std::unique_ptr<Store<User>> StorageContract::NewStore();

Row<Subject> StorageContract::Load(const SubjectKey& key, std::vector<RequestKey> requests) {
  return LoadOne<Subject>(*subjects_, {key, /*account=*/true, std::move(requests)});
}

Row<Bucket> StorageContract::Load(const std::string& key) {
  return LoadOne<Bucket>(*buckets_, {key});
}

Row<Subject> StorageContract::LoadBack(const Change<Subject>& change) {
  return LoadOne<Subject>(*subjects_, AskFor(change));
}

AccountViewState StorageContract::LoadAccount(const UserId& user, const SessionId& session) {
  return LoadOne<AccountView>(*accounts_, {{user, session}}).state;
}

Change<Subject> StorageContract::Stored(const SubjectKey& key) {
  Change<Subject> change = FullChange(key, random_);
  Win(change);
  return NextChange(key, Load(key), random_);
}

Change<Bucket> StorageContract::NewBucket(const std::string& key) { return NextBucket(key, {}); }

Change<Bucket> StorageContract::NextBucket(const std::string& key, const Row<Bucket>& row) {
  Change<Bucket> change;
  change.key = key;
  change.expected = row.version;
  change.version = FreshVersion(random_);
  change.before = change.state = row.state;
  change.state.tat += absl::Microseconds(1);
  return change;
}

void ExpectSame(const SubjectState& stored, const SubjectState& written, const std::string& what) {
  const SubjectState a = InOrder(stored);
  const SubjectState b = InOrder(written);
  EXPECT_EQ(a.user_id.bytes, b.user_id.bytes) << what;
  EXPECT_EQ(a.failures, b.failures) << what;
  EXPECT_EQ(a.blocked_until, b.blocked_until) << what;
  EXPECT_EQ(a.disabled_at, b.disabled_at) << what;
  EXPECT_EQ(a.last_success_at, b.last_success_at) << what;
  EXPECT_EQ(a.recent_sends, b.recent_sends) << what;
  EXPECT_EQ(a.recent_resends, b.recent_resends) << what;
  EXPECT_EQ(a.updated_at, b.updated_at) << what;
  EXPECT_TRUE(a.codes == b.codes) << what << ": codes, " << a.codes.size() << " stored";
  EXPECT_TRUE(a.requests == b.requests) << what << ": requests, " << a.requests.size() << " stored";
  EXPECT_TRUE(a.account == b.account) << what << ": account";
  EXPECT_TRUE(a.identities == b.identities) << what << ": identities";
  EXPECT_EQ(a.other_success_at, b.other_success_at) << what;
  EXPECT_TRUE(a == b) << what;
}

}  // namespace otpgate::storage::conformance
